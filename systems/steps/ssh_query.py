"""An SSH conversation up to the question whether a public key would be accepted, without the private key.

paramiko asks that question never, and says little of what a server offers; both need a look inside, which the tests
hold against the pinned version.
"""

import io
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import paramiko
from paramiko.auth_handler import AuthHandler
from paramiko.common import (
    MSG_SERVICE_ACCEPT,
    MSG_USERAUTH_BANNER,
    MSG_USERAUTH_FAILURE,
    MSG_USERAUTH_SUCCESS,
    cMSG_USERAUTH_REQUEST,
)
from paramiko.message import Message

from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure
from systems.steps.peers import printable
from systems.steps.ssh_offer import Bounded, Offer, parse_offer

MSG_USERAUTH_PK_OK = 60
LOG_CHANNEL = "adgang.ssh"
RSA_ALGORITHMS = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")

# The library logs every peer's misbehaviour with a traceback; here that is what is being looked for.
logging.getLogger(LOG_CHANNEL).setLevel(logging.CRITICAL + 1)


@dataclass(kw_only=True)
class Answer:
    """A server's answer to the query: `accepted` with the signature `algorithm`, or the methods it would go on with."""

    accepted: bool = False
    algorithm: str = ""
    methods: list[str] = field(default_factory=list)


class QueryTransport(paramiko.Transport):
    """The library's client, which remembers what the server offered."""

    offer: Offer | None = None

    def _parse_kex_init(self, m: Message) -> None:
        self.offer = parse_offer(m.asbytes())
        super()._parse_kex_init(m)  # type: ignore[misc]


class QueryHandler(AuthHandler):
    """Asks whether a key would be accepted (RFC 4252 §7: a request without signature) and keeps the answer."""

    def __init__(self, transport: paramiko.Transport) -> None:
        super().__init__(transport)
        self.answered = threading.Event()
        self.service = threading.Event()
        self.answer = Answer()
        self._algorithm = ""

    def begin(self) -> None:
        """Ask for the service in which questions about keys are put."""
        self._request_auth()  # type: ignore[attr-defined]

    def ask(self, username: str, algorithm: str, blob: bytes) -> None:
        """Put the question; `answered` is set when `answer` is there."""
        self.answered.clear()
        self._algorithm = algorithm
        message = Message()
        message.add_byte(cMSG_USERAUTH_REQUEST)
        message.add_string(username)
        message.add_string("ssh-connection")
        message.add_string("publickey")
        message.add_boolean(False)
        message.add_string(algorithm)
        message.add_string(blob)
        self.transport._send_message(message)  # type: ignore[attr-defined]

    def abort(self) -> None:
        self.service.set()
        self.answered.set()

    def _on_service(self, _message: Message) -> None:
        self.service.set()

    def _on_accepted(self, _message: Message) -> None:
        self.answer = Answer(accepted=True, algorithm=self._algorithm)
        self.answered.set()

    def _on_failure(self, message: Message) -> None:
        self.answer = Answer(methods=message.get_list())
        self.answered.set()

    def _ignore(self, _message: Message) -> None:
        """A greeting of the server; it has no bearing on the answer."""

    @property
    def _client_handler_table(self) -> dict[int, Callable[[Message], None]]:
        return {
            MSG_SERVICE_ACCEPT: self._on_service,
            MSG_USERAUTH_PK_OK: self._on_accepted,
            MSG_USERAUTH_SUCCESS: self._on_accepted,
            MSG_USERAUTH_FAILURE: self._on_failure,
            MSG_USERAUTH_BANNER: self._ignore,
        }


class SshQuery:
    """One conversation: `negotiate`, then `ask`, then perhaps `sign_in` and `sftp`. The caller closes it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._bounded = Bounded(connection)
        bounded: Any = self._bounded
        self._transport: Any = QueryTransport(bounded)  # what is used of it is mostly outside its typed surface
        self._transport.daemon = True
        self._transport.set_log_channel(LOG_CHANNEL)
        # The wire ends at the step's deadline; a thread more for each conversation, to watch its time, does nothing.
        packetizer: Any = self._transport.packetizer
        packetizer.start_handshake = _no_timer

    @property
    def offer(self) -> Offer | None:
        """What the server offered; None before it did."""
        offer: Offer | None = self._transport.offer
        return offer

    @property
    def agreed(self) -> dict[str, str]:
        """Return what was agreed on: key exchange aside, which the library does not keep."""
        return {"host_key": str(self._transport.host_key_type), "cipher": str(self._transport.remote_cipher)}

    def negotiate(self, deadline: Deadline, *, prefer_host_key: str = "") -> paramiko.PKey:
        """Exchange keys and return the server's host key, asking first for the type of a pinned one.

        Raises Failure `sftp.no_common_algorithm` or `sftp.key_exchange_failed`; TimeoutError.
        """
        self._bounded.deadline = deadline
        options = self._transport.get_security_options()
        options.key_types = _preferred(tuple(options.key_types), prefer_host_key)
        done = threading.Event()
        self._transport.start_client(event=done)
        if not done.wait(deadline.remaining()):
            raise TimeoutError("no key exchange in time")
        if self._transport.initial_kex_done:
            key: paramiko.PKey = self._transport.get_remote_server_key()
            return key
        error = self._transport.get_exception()
        if isinstance(error, paramiko.ssh_exception.IncompatiblePeer):
            raise Failure("sftp.no_common_algorithm", offered=_missing(error, self.offer)) from error
        raise Failure("sftp.key_exchange_failed") from error

    def ask(self, username: str, key_type: str, blob: bytes, deadline: Deadline) -> Answer:
        """Ask whether `username` may sign in with the public key `blob`; the answer of the last algorithm tried.

        Raises ConnectionResetError when the server hangs up, TimeoutError.
        """
        self._bounded.deadline = deadline
        handler = self._asking(deadline)
        for algorithm in self._algorithms(key_type):
            handler.ask(username, algorithm, blob)
            self._await(handler.answered, deadline)
            if handler.answer.accepted or "publickey" not in handler.answer.methods:
                break
        return handler.answer

    def _asking(self, deadline: Deadline) -> QueryHandler:
        """Return what puts the questions; its service is asked for once in a conversation."""
        handler = self._transport.auth_handler
        if not isinstance(handler, QueryHandler):
            handler = self._transport.auth_handler = QueryHandler(self._transport)
            handler.begin()
            self._await(handler.service, deadline)
        return handler

    def sign_in(self, username: str, private: bytes, deadline: Deadline) -> list[str]:
        """Sign in with a private key in OpenSSH's form; return what the server wants beside it, usually nothing.

        Raises Failure `login.key_refused`; ConnectionResetError, TimeoutError.
        """
        self._bounded.deadline = deadline
        key = paramiko.Ed25519Key.from_private_key(io.StringIO(private.decode("ascii")))
        with self.speaking(deadline):
            try:
                further: list[str] = self._transport.auth_publickey(username, key)
            except paramiko.BadAuthenticationType as error:
                raise Failure("login.key_refused", username=username) from error
            except paramiko.AuthenticationException as error:
                if not self._transport.is_active():
                    raise ConnectionResetError("the server closed the connection") from error
                raise Failure("login.key_refused", username=username) from error
        return further

    def sftp(self, deadline: Deadline) -> paramiko.SFTPClient:
        """Open the file service of a signed-in session. Raises Failure `login.no_session` or `login.no_sftp`."""
        self._bounded.deadline = deadline
        with self.speaking(deadline):
            try:
                channel = self._transport.open_session(timeout=max(deadline.remaining(), 0.1))
            except (paramiko.SSHException, EOFError, ConnectionError) as error:
                raise Failure("login.no_session") from error
            try:
                channel.invoke_subsystem("sftp")
            except (paramiko.SSHException, EOFError, ConnectionError) as error:
                raise Failure("login.no_sftp" if self._transport.is_active() else "login.no_session") from error
            try:
                return paramiko.SFTPClient(channel)
            except (
                paramiko.SSHException,
                EOFError,
                ConnectionError,
            ) as error:  # ended before it said a word
                raise Failure("login.no_session") from error

    @contextmanager
    def speaking(self, deadline: Deadline) -> Iterator[None]:
        """Run the block within `deadline`; whatever goes wrong in the library is told as what it means.

        Raises Failure `sftp.garbled` for answers that cannot be read, ConnectionResetError, TimeoutError.
        """
        self._bounded.deadline = deadline
        try:
            yield
        except Exception as error:  # the library raises many kinds, and of garbage any
            if not deadline.remaining():
                raise TimeoutError("no answer in time") from error
            if isinstance(error, Failure | OSError):
                raise
            if isinstance(error, paramiko.SSHException | EOFError):
                raise ConnectionResetError("the server closed the connection") from error
            raise Failure("sftp.garbled") from error

    def close(self) -> None:
        """Hang up; the library's thread ends by itself when its socket is gone."""
        self._transport.active = False
        self._transport.packetizer.close()
        self._connection.close()

    def _await(self, event: threading.Event, deadline: Deadline) -> None:
        if not event.wait(deadline.remaining()):
            raise TimeoutError("no answer in time")
        if not self._transport.is_active():
            raise ConnectionResetError("the server closed the connection")

    def _algorithms(self, key_type: str) -> tuple[str, ...]:
        """An RSA key goes with three signature algorithms; a server may say which it takes (RFC 8308 §3.1)."""
        if key_type != "ssh-rsa":
            return (key_type,)
        named: bytes = self._transport.server_extensions.get("server-sig-algs", b"")
        offered = named.decode("ascii", "replace").split(",") if named else list(RSA_ALGORITHMS)
        return tuple(name for name in RSA_ALGORITHMS if name in offered) or RSA_ALGORITHMS[:1]


def _no_timer(_timeout: float) -> None:
    pass


def _preferred(types: tuple[str, ...], first: str) -> tuple[str, ...]:
    wanted = ("rsa-sha2-512", "rsa-sha2-256") if first == "ssh-rsa" else (first,)
    return (*(name for name in types if name in wanted), *(name for name in types if name not in wanted))


def _missing(error: Exception, offer: Offer | None) -> str:
    """Return the list in which nothing was found in common, by the word in the library's message."""
    if offer is None:
        return ""
    lists = {"kex": offer.key_exchange, "host key": offer.host_keys, "cipher": offer.ciphers, "mac": offer.macs}
    names = next((names for word, names in lists.items() if word in str(error)), offer.key_exchange)
    return ", ".join(map(printable, names[:8]))
