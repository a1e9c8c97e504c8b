"""Pages of organisations, people, rights, the event log and the installation."""
