"""Pages about the rights of a whole organisation."""
