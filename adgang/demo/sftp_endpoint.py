"""An SFTP server for the demo: it says whether it would accept a key, and shows two empty folders."""

import logging
import socket
import stat
import threading

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED, OPEN_SUCCEEDED
from paramiko.sftp import SFTP_NO_SUCH_FILE

IDENTIFICATION = "SSH-2.0-AdgangDemo_1.0"
FOLDERS = ("ind", "ud")

# Clients that only ask whether a key would do hang up in the middle of things, which the library reports as an error.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)


def serve(listener: socket.socket, *, host_key: paramiko.PKey, accepting: bool) -> None:
    """Answer on `listener` in a thread of its own; every public key is accepted, or none."""
    threading.Thread(target=_accept, args=(listener, host_key, accepting), daemon=True).start()


def _accept(listener: socket.socket, host_key: paramiko.PKey, accepting: bool) -> None:
    while True:
        connection, _ = listener.accept()
        transport = paramiko.Transport(connection)
        transport.local_version = IDENTIFICATION
        transport.add_server_key(host_key)
        _offer_what_is_in_good_standing(transport)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folders)
        transport.daemon = True
        # With an event of our own the call returns at once; the conversation goes on in the transport's thread.
        transport.start_server(event=threading.Event(), server=_Login(accepting=accepting))


def _offer_what_is_in_good_standing(transport: paramiko.Transport) -> None:
    """Leave out the ciphers and digests that a check would call weak; this server is the demo's good example."""
    options = transport.get_security_options()
    options.ciphers = [cipher for cipher in options.ciphers if not cipher.endswith("-cbc")]
    options.digests = [digest for digest in options.digests if digest.startswith("hmac-sha2-")]


class _Login(paramiko.ServerInterface):
    def __init__(self, *, accepting: bool) -> None:
        self._accepting = accepting

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return AUTH_SUCCESSFUL if self._accepting else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Folders(paramiko.SFTPServerInterface):
    """A root with two empty folders; nothing can be written."""

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        name = self.canonicalize(path).strip("/")
        if name == "":
            return [_folder(folder) for folder in FOLDERS]
        return [] if name in FOLDERS else SFTP_NO_SUCH_FILE

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        name = self.canonicalize(path).strip("/")
        return _folder(name or "/") if name in ("", *FOLDERS) else SFTP_NO_SUCH_FILE

    lstat = stat


def _folder(name: str) -> paramiko.SFTPAttributes:
    attributes = paramiko.SFTPAttributes()
    attributes.filename = name
    attributes.st_mode = stat.S_IFDIR | 0o555
    attributes.st_size = 0
    attributes.st_mtime = attributes.st_atime = 0
    return attributes
