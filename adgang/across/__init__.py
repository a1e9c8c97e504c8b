"""Across: every authority that somebody acts for, at a glance."""
