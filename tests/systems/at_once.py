"""Several people at the same moment, each with a connection of their own, on either database."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections

Act = Callable[[], Any]


@contextmanager
def real_database(folder: Path) -> Iterator[None]:
    """Let new threads use a database that locks as in service.

    The tests' SQLite lies in memory, shared between connections, which knows other locks than a file does; so its
    content is copied to one. Look at the outcome in a thread too. For tests with `transaction=True`.
    """
    settings = connections.settings["default"]
    name = settings["NAME"]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        path = folder / "adgang.sqlite3"
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        settings["NAME"] = str(path)
    try:
        yield
    finally:
        settings["NAME"] = name


def at_once(*acts: Act) -> list[Any]:
    """Begin all acts at the same moment; return what they return, in their order. Raises what the first raises."""
    together = threading.Barrier(len(acts))

    def alone(act: Act) -> Any:
        try:
            connection.ensure_connection()
            together.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(alone, act) for act in acts]]
