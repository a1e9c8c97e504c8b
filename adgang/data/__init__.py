"""The installation's data as a whole: kept safe, brought back, moved to another kind of database."""
