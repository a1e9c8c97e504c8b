"""OpenSSH's own sshd, unprivileged, with settings and keys of its own."""

import getpass
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.programs import free_port, program, workplace

SETTINGS = """
Port {port}
ListenAddress 127.0.0.1
HostKey {host_key}
AuthorizedKeysFile {directory}/authorized
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
LogLevel VERBOSE
{extra}
"""


@dataclass(frozen=True, kw_only=True)
class SshServer:
    """`host_key`: its public half, `type base64`. `username` may sign in with any key in the file `authorized`."""

    port: int
    host_key: str
    username: str
    authorized: Path


def key_pair(directory: Path, name: str, *, type_: str = "ed25519", bits: int | None = None) -> str:
    """Make a key pair with ssh-keygen and return the public half, `type base64`."""
    size = ["-b", str(bits)] if bits else []
    path = directory / name
    subprocess.run(["ssh-keygen", "-q", "-t", type_, *size, "-N", "", "-f", str(path)], check=True)
    return " ".join(path.with_suffix(".pub").read_text().split()[:2])


@contextmanager
def ssh_server(
    require_service: Callable[..., str],
    *,
    authorized: Sequence[str] = (),
    extra: str = "",
    port: int | None = None,
    host_key_type: str = "ed25519",
) -> Iterator[SshServer]:
    """Run an sshd that lets the authorized public keys in; `extra` holds further lines of its settings."""
    sshd = require_service("openssh-server", "sshd")
    with workplace() as directory:
        listens = port or free_port()
        host_key = key_pair(directory, "host", type_=host_key_type)
        (directory / "authorized").write_text("".join(f"{key}\n" for key in authorized))
        settings = directory / "sshd_config"
        settings.write_text(
            SETTINGS.format(port=listens, host_key=directory / "host", directory=directory, extra=extra)
        )
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # where sshd parts with its rights, when it has any
        with program([sshd, "-D", "-e", "-f", str(settings)], listens, directory / "log"):
            yield SshServer(
                port=listens, host_key=host_key, username=getpass.getuser(), authorized=directory / "authorized"
            )
