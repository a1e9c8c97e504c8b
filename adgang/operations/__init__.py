"""Pages and addresses for whoever runs the installation."""
