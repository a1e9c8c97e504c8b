"""An SFTP server for the demo: it says whether it would accept a key, and shows two folders that are never kept."""

import logging
import os
import socket
import stat
import threading
from typing import Any

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED, OPEN_SUCCEEDED
from paramiko.sftp import SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_PERMISSION_DENIED

IDENTIFICATION = "SSH-2.0-AdgangDemo_1.0"
FOLDERS = ("ind", "ud")
MOST_FILES, MOST_BYTES = 10, 4096

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
    """A root with two folders; what is written lives as long as the conversation."""

    def __init__(self, server: paramiko.ServerInterface, *args: Any, **kwargs: Any) -> None:
        super().__init__(server, *args, **kwargs)
        self._files: dict[str, bytearray] = {}

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        name = self.canonicalize(path).strip("/")
        if name == "":
            return [_folder(folder) for folder in FOLDERS]
        if name not in FOLDERS:
            return SFTP_NO_SUCH_FILE
        within = {full: content for full, content in self._files.items() if full.startswith(f"{name}/")}
        return [_file(full.rpartition("/")[2], content) for full, content in within.items()]

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        name = self.canonicalize(path).strip("/")
        if name in self._files:
            return _file(name, self._files[name])
        return _folder(name or "/") if name in ("", *FOLDERS) else SFTP_NO_SUCH_FILE

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle | int:
        name = self.canonicalize(path).strip("/")
        if name.rpartition("/")[0] not in FOLDERS or not flags & os.O_CREAT or len(self._files) >= MOST_FILES:
            return SFTP_PERMISSION_DENIED
        return _Writing(self._files.setdefault(name, bytearray()))

    def remove(self, path: str) -> int:
        known = self._files.pop(self.canonicalize(path).strip("/"), None) is not None
        return SFTP_OK if known else SFTP_NO_SUCH_FILE

    def rename(self, oldpath: str, newpath: str) -> int:
        old, new = (self.canonicalize(path).strip("/") for path in (oldpath, newpath))
        if old not in self._files:
            return SFTP_NO_SUCH_FILE
        self._files[new] = self._files.pop(old)
        return SFTP_OK


class _Writing(paramiko.SFTPHandle):
    """A file that is being written, of a few kilobytes at most."""

    def __init__(self, content: bytearray) -> None:
        super().__init__()
        self._content = content

    def write(self, offset: int, data: Any) -> int:
        written = bytes(data)
        if offset + len(written) > MOST_BYTES:
            return SFTP_PERMISSION_DENIED
        self._content[offset : offset + len(written)] = written
        return SFTP_OK

    def stat(self) -> paramiko.SFTPAttributes:
        return _file("", self._content)


def _folder(name: str) -> paramiko.SFTPAttributes:
    return _attributes(name, stat.S_IFDIR | 0o755, 0)


def _file(name: str, content: bytearray) -> paramiko.SFTPAttributes:
    return _attributes(name, stat.S_IFREG | 0o644, len(content))


def _attributes(name: str, mode: int, size: int) -> paramiko.SFTPAttributes:
    attributes = paramiko.SFTPAttributes()
    attributes.filename = name
    attributes.st_mode, attributes.st_size = mode, size
    attributes.st_mtime = attributes.st_atime = 0
    return attributes
