"""A real mail server (Debian's Exim) with settings of its own: known mailboxes, unknown ones, second thoughts."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.certificates import Issued
from tests.servers.plain import tcp_server
from tests.servers.programs import free_port, program, workplace

DOMAIN = "post.example"

SETTINGS = """
primary_hostname = mail.post.example
daemon_smtp_ports = {port}
{implicit}
local_interfaces = <; 127.0.0.1
spool_directory = {directory}/spool
queue_only = true
log_file_path = {directory}/spool/%slog
process_log_path = {directory}/spool/process
pid_file_path = {directory}/spool/pid
trusted_users = root
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 50
helo_allow_chars = _
{tls}
acl_smtp_data = check_content
acl_smtp_mail = check_sender
acl_smtp_rcpt = check_recipient

begin acl

check_sender:
{sender}
  accept

check_recipient:
  accept  recipients = digitalpost@post.example : kvittering@post.example
  defer   recipients = senere@post.example
          message    = 4.7.1 Greylisted, come back in five minutes
  deny    recipients = fuld@post.example
          message    = 5.2.2 Mailbox full
  deny    recipients = lukket@post.example
          message    = 5.7.1 Access denied by policy
  deny    domains    = post.example
          message    = 5.1.1 Unknown user
  deny    message    = relay not permitted

check_content:
{content}
  accept
"""
TLS = """
tls_advertise_hosts = *
tls_certificate = {directory}/server.crt
tls_privatekey = {directory}/server.key
"""


@contextmanager
def mail_server(
    require_service: Callable[..., str],
    *,
    issued: Issued | None,
    complete: bool = True,
    implicit_tls: bool = False,
    sender: str = "",
    content: str = "",
    received: list[bytes] | None = None,
) -> Iterator[int]:
    """Run Exim for the block and give its port. Without `issued` it offers no encryption.

    `sender` and `content` are further lines of the ACLs of senders and contents, for a server that turns them away.
    What was handed over lies in `received` afterwards, as it came.
    """
    exim = require_service("exim4", "exim4", "exim")
    with workplace() as directory:
        port = free_port()
        _prepare(directory, issued, complete=complete)
        settings = directory / "exim.conf"
        settings.write_text(
            SETTINGS.format(
                port=port,
                directory=directory,
                implicit=f"tls_on_connect_ports = {port}" if implicit_tls else "",
                tls=TLS.format(directory=directory) if issued else "tls_advertise_hosts =",
                sender=sender,
                content=content,
            )
        )
        command = [exim, "-C", str(settings)]
        with _daemon(command, port, directory) if os.geteuid() == 0 else _by_hand(command, implicit_tls) as listens:
            yield listens
        if received is not None:
            received += [_kept(path) for path in sorted((directory / "spool" / "input").rglob("*-D"))]


def _kept(body: Path) -> bytes:
    """Return a message that Exim keeps as it came: headers and body lie in two files of its own form."""
    headers = body.with_name(body.name.removesuffix("-D") + "-H").read_bytes().partition(b"\n\n")[2]
    # Each header begins with its length and a letter; those that Exim has crossed out bear a star.
    lines = [line[5:] if line[:3].isdigit() else line for line in headers.split(b"\n")]
    return b"\n".join(lines).strip(b"\n") + b"\n\n" + body.read_bytes().partition(b"\n")[2]


@contextmanager
def _daemon(command: list[str], port: int, directory: Path) -> Iterator[int]:
    with program([*command, "-bdf", "-v"], port, directory / "log"):
        yield port


@contextmanager
def _by_hand(command: list[str], implicit_tls: bool) -> Iterator[int]:
    """Exim lets nobody but an administrator start its daemon; anybody may hold a conversation with it (`-bs`)."""
    one = [*command, *(["-tls-on-connect"] if implicit_tls else []), "-bs"]

    def conversation(connection: socket.socket) -> None:
        ours, theirs = socket.socketpair()
        process = subprocess.Popen(one, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
        theirs.close()
        inward = threading.Thread(target=_pump, args=(connection, ours))
        inward.start()
        _pump(ours, connection)
        inward.join()
        process.wait()

    with tcp_server(conversation) as port:
        yield port


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes from one socket to the other until one of them is closed."""
    try:
        while received := source.recv(4096):
            target.sendall(received)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def _prepare(directory: Path, issued: Issued | None, *, complete: bool) -> None:
    """Exim gives up its rights after the start, so its spool and key are open to all; they are worthless."""
    (directory / "spool").mkdir()
    (directory / "spool").chmod(0o777)
    if issued:
        for path in issued.write(directory, complete=complete):
            path.chmod(0o644)
