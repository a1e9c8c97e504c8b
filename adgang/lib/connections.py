"""The database connection while the network is waited for."""

from django.db import connection


def release_connection() -> None:
    """Give the database connection back, to its pool if there is one, before a wait for the network.

    SQLite has no server whose connections would run out, and closing the last one costs it more than a check.
    """
    if not connection.in_atomic_block and connection.vendor != "sqlite":
        connection.close()
