"""A real mail server (Debian's Exim) with settings of its own: known mailboxes, unknown ones, second thoughts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.certificates import Issued
from tests.servers.programs import free_port, program, workplace

DOMAIN = "post.example"

SETTINGS = """
primary_hostname = mail.post.example
daemon_smtp_ports = {port}
{implicit}
local_interfaces = <; 127.0.0.1
spool_directory = {directory}/spool
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
acl_smtp_connect = check_connect
acl_smtp_mail = check_sender
acl_smtp_rcpt = check_recipient

begin acl

check_connect:
{connect}
  accept

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
    connect: str = "",
    sender: str = "",
) -> Iterator[int]:
    """Run Exim for the block and give its port. Without `issued` it offers no encryption.

    `connect` and `sender` are further ACL lines, for a server that turns strangers away.
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
                connect=connect,
                sender=sender,
            )
        )
        with program([exim, "-C", str(settings), "-bdf", "-v"], port, directory / "log"):
            yield port


def _prepare(directory: Path, issued: Issued | None, *, complete: bool) -> None:
    """Exim gives up its rights after the start, so its spool and key are open to all; they are worthless."""
    (directory / "spool").mkdir()
    (directory / "spool").chmod(0o777)
    if issued:
        for path in issued.write(directory, complete=complete):
            path.chmod(0o644)
