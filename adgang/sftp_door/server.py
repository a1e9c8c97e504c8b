"""The server of the SFTP door: few connections, each for a short time, in threads of their own."""

import datetime as dt
import io
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko
import structlog
from django.utils import timezone

from adgang.lib.connections import release_connection
from adgang.lib.peers import neighbourhood
from adgang.sftp_door.caller import SystemCalling
from adgang.sftp_door.folder import Folder
from organisations import throttling

log = structlog.get_logger("adgang.sftp")

IDENTIFICATION = "SSH-2.0-Adgang_1.0"
CONNECTIONS, PER_NETWORK = 32, 4  # at once
A_MINUTE, MINUTE = 30, dt.timedelta(minutes=1)  # of one network
LOGIN_SECONDS, SECONDS = 20.0, 60.0
TICK = 0.05

# A peer that hangs up in the middle of things is an error to the library, and its traceback says nothing.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)


class Door:
    """Answers on a listening socket until it is closed."""

    def __init__(self, listener: socket.socket, *, host_key: bytes) -> None:
        """`host_key` is the private key in OpenSSH's form."""
        self._listener = listener
        self._host_key = paramiko.Ed25519Key(file_obj=io.StringIO(host_key.decode("ascii")))
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Take connections; returns when the listener is closed."""
        while True:
            try:
                connection, peer = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection, str(peer[0])), daemon=True).start()

    def _talk(self, connection: socket.socket, address: str) -> None:
        with self._turn(neighbourhood(address)) as admitted:
            if not (admitted and _allowed(neighbourhood(address))):
                log.warning("too many at the door", address=address)
                connection.close()
                return
            transport = self._transport(connection)
            try:
                self._wait(transport, address)
            except (EOFError, OSError, paramiko.SSHException):
                return  # the peer left, or spoke something else
            finally:
                transport.close()
                connection.close()

    def _transport(self, connection: socket.socket) -> paramiko.Transport:
        transport = paramiko.Transport(connection)
        transport.local_version = IDENTIFICATION
        transport.add_server_key(self._host_key)
        options = transport.get_security_options()
        options.ciphers = [cipher for cipher in options.ciphers if not cipher.endswith("-cbc")]
        options.digests = [digest for digest in options.digests if digest.startswith("hmac-sha2-")]
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Folder)
        transport.daemon = True
        return transport

    def _wait(self, transport: paramiko.Transport, address: str) -> None:
        """Let the conversation go on in the transport's thread, as long as it may."""
        begun, caller = time.monotonic(), SystemCalling(address)
        transport.start_server(event=threading.Event(), server=caller)
        while transport.is_active():
            spent = time.monotonic() - begun
            if spent > SECONDS or (spent > LOGIN_SECONDS and not transport.is_authenticated()):
                return
            transport.join(TICK)

    @contextmanager
    def _turn(self, network: str) -> Iterator[bool]:
        """Hold a place for a connection; False when there is none left, in all or for this network."""
        with self._lock:
            admitted = self._open.total() < CONNECTIONS and self._open[network] < PER_NETWORK
            self._open[network] += admitted
        try:
            yield admitted
        finally:
            with self._lock:
                self._open[network] -= admitted
                if not self._open[network]:
                    del self._open[network]


def _allowed(network: str) -> bool:
    """Count a connection, together with the installation's other processes."""
    try:
        return throttling.allow(f"sftp:{network}", limit=A_MINUTE, window=MINUTE, at=timezone.now())
    finally:
        release_connection()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=CONNECTIONS)
