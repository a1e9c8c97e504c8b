"""The processes of an installation, and the supervisor that runs them together in one foreground group."""
