"""The steps of a connection check, by protocol; `systems.steps.protocols` says which protocol takes which."""
