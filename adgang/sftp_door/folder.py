"""What a system sees once it is in: one folder with two files, the same answer in Danish and in English."""

import os
import stat
from collections.abc import Mapping
from io import BytesIO
from typing import Any, cast

import paramiko
from paramiko.sftp import SFTP_NO_SUCH_FILE, SFTP_PERMISSION_DENIED

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

Files = Mapping[str, bytes]


class Folder(paramiko.SFTPServerInterface):
    """A folder that can be read and nothing else; whatever this class does not know is refused by its base."""

    def __init__(self, server: paramiko.ServerInterface, *args: Any, **kwargs: Any) -> None:
        super().__init__(server, *args, **kwargs)
        self._files: Files = cast(Any, server).files()

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        """Return the files of the one folder there is."""
        if self.canonicalize(path) != "/":
            return SFTP_NO_SUCH_FILE
        return [_file(name, len(content)) for name, content in self._files.items()]

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        """Return what the folder or a file is."""
        name = self.canonicalize(path).strip("/")
        if not name:
            return _attributes("/", stat.S_IFDIR | 0o555, 0)
        content = self._files.get(name)
        return SFTP_NO_SUCH_FILE if content is None else _file(name, len(content))

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle | int:
        """Open a file to be read; anything else is not permitted."""
        content = self._files.get(self.canonicalize(path).strip("/"))
        if flags & WRITING:
            return SFTP_PERMISSION_DENIED
        return SFTP_NO_SUCH_FILE if content is None else _Reading(content)


class _Reading(paramiko.SFTPHandle):
    def __init__(self, content: bytes) -> None:
        super().__init__(0)
        self.readfile = BytesIO(content)
        self._size = len(content)

    def stat(self) -> paramiko.SFTPAttributes:
        return _file("", self._size)


def _file(name: str, size: int) -> paramiko.SFTPAttributes:
    return _attributes(name, stat.S_IFREG | 0o444, size)


def _attributes(name: str, mode: int, size: int) -> paramiko.SFTPAttributes:
    made = paramiko.SFTPAttributes()
    made.filename, made.st_mode, made.st_size = name, mode, size
    made.st_mtime = made.st_atime = made.st_uid = made.st_gid = 0
    return made
