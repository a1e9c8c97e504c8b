"""An installation in demo mode, for tests that make the demo world."""

import socket
from pathlib import Path
from typing import Any

import pytest

from adgang.demo import addresses, server_keys


def free_ports() -> int:
    """Return the first of a run of ports that nobody listens on."""
    for first in range(21000, 32000, len(addresses.Endpoint)):
        try:
            for endpoint in addresses.Endpoint:
                socket.create_server((addresses.HOST, addresses.port(endpoint, first=first))).close()
        except OSError:
            continue
        return first
    raise AssertionError("no ports are free")


def enter(settings: Any, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the rest of the test run in demo mode, with endpoints on free ports and its files below `folder`."""
    first = free_ports()
    settings.VAR_DIR = folder
    settings.ADGANG_DEMO = True
    settings.ADGANG_DEMO_FIRST_PORT = first
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = addresses.networks(first=first)
    settings.ADGANG_EXTRA_CA_FILE = str(server_keys.authority())
    # The endpoints run as a process of their own and read the environment.
    for name, value in {"ADGANG_DEMO": "true", "ADGANG_DEMO_FIRST_PORT": first, "ADGANG_VAR_DIR": folder}.items():
        monkeypatch.setenv(name, str(value))
