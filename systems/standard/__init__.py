"""Standard systems: a vendor describes its system once, authorities make theirs from it and are offered changes."""
