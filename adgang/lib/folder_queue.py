"""The queue in a folder, for an installation without a message broker: kombu's, made safe under load.

kombu writes a message where readers already look, so that one may be taken half written, and takes one by moving it to
the folder of temporary files, which on another disk is a copy that two readers can make. Here a message appears by one
rename, whole, and is taken by one rename, by one.
"""

import os
import uuid
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

SUFFIX = ".msg"


class Channel(filesystem.Channel):
    """A channel whose messages come and go by rename within one folder."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Put a message into the queue: written aside, then given its name."""
        folder = Path(self.data_folder_out)
        name = f"{time_ns():020d}_{uuid.uuid4().hex}.{queue}{SUFFIX}"
        aside = folder / f".{name}"
        aside.write_bytes(str_to_bytes(dumps(payload)))
        os.replace(aside, folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Return the oldest message of the queue, taken from all other readers. Raises `Empty`."""
        folder = Path(self.data_folder_in)
        ending = f".{queue}{SUFFIX}"
        for name in sorted(os.listdir(folder)):
            if name.startswith(".") or name.partition(".")[2] != ending[1:]:
                continue
            taken = folder / f".taken-{uuid.uuid4().hex}"
            try:
                os.rename(folder / name, taken)
            except FileNotFoundError:  # another reader was first
                continue
            content = taken.read_bytes()
            taken.unlink()
            return loads(bytes_to_str(content))
        raise Empty


class Transport(filesystem.Transport):
    """The transport of `filesystem://` addresses."""

    Channel = Channel


def install() -> None:
    """Let `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
