"""What the rooms' parts of the API have in common: errors, wire types, versions, searches, operations."""
