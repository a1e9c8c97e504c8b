"""One connection at the door: who may sign in, and the answer that they get."""

import json
import threading
from typing import Any

import paramiko
import structlog
from django.utils import timezone, translation
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED, OPEN_SUCCEEDED

from adgang.api.whoami import who
from adgang.lib.connections import release_connection
from systems import door
from systems.models import System

log = structlog.get_logger("adgang.sftp")

TRIES = 6  # keys that one connection may offer
FILES = {"whoami.json": "da", "whoami.en.json": "en"}


class SystemCalling(paramiko.ServerInterface):
    """Lets a system in that shows its user name and one of its keys, and keeps what is said to it.

    paramiko asks whether a key would do, and lets somebody in only once they have signed with it.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked = threading.Event()
        self._tries = 0
        self._system: System | None = None
        self._key = ""
        self._files: dict[str, bytes] | None = None

    def get_allowed_auths(self, username: str) -> str:
        """Only keys; there are no passwords here."""
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """Say whether a system has this user name and this key; an unknown name is answered like a wrong key."""
        self._tries += 1
        if self._tries > TRIES:
            return AUTH_FAILED
        try:
            self._system, self._key = door.system_of(username, key.get_base64()), key.get_base64()
        finally:
            release_connection()
        return AUTH_SUCCESSFUL if self._system else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        """A session is all there is: nothing is forwarded."""
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        """Answer any command, for nothing is carried out; `whoami en` answers in English."""
        english = command.decode("utf-8", "replace").split()[-1:] == ["en"]
        self._say(channel, "whoami.en.json" if english else "whoami.json")
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        """Answer and hang up: there is no shell."""
        self._say(channel, "whoami.json")
        return True

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        """Open the folder."""
        return name == "sftp" and super().check_channel_subsystem_request(channel, name)

    def _say(self, channel: paramiko.Channel, name: str) -> None:
        threading.Thread(target=self._answer, args=(channel, name), daemon=True).start()

    def _answer(self, channel: paramiko.Channel, name: str) -> None:
        """Write the answer once the client has been told that its request is taken."""
        try:
            channel.sendall(self.files()[name])
            channel.send_exit_status(0)
        except OSError:
            return  # the client left
        finally:
            channel.close()
            self.asked.set()

    def files(self) -> dict[str, bytes]:
        """Return the files of the folder, by name; asked for the first time, the call is judged and kept."""
        if self._files is None:
            try:
                self._files = self._judged()
            finally:
                release_connection()
        return self._files

    def _judged(self) -> dict[str, bytes]:
        system, at = self._system, timezone.now()
        if system is None:  # nobody gets here without a key
            return {}
        judgement = door.judge(system, key=self._key, address=self.address)
        door.note(system, judgement, address=self.address, at=at)
        log.info("system at the door", system=str(system.pk), accepted=judgement.accepted, address=self.address)
        made = {}
        for name, language in FILES.items():
            with translation.override(language):
                told: dict[str, Any] = who(system, judgement, address=self.address, at=at)
            made[name] = (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
        return made
