"""The SFTP door: a system signs in with its registered user name and key, and is told whether it is accepted.

Here is what it knows: its own host key (made once, encrypted at rest), who may come in, and what is said of a call.
"""

import datetime as dt
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from adgang.lib.findings import Finding, Severity, finding
from certificates.models import SshKey
from certificates.ssh_keys import judge_ssh_key
from organisations import keeping
from organisations.models import Blob
from systems import calls
from systems.calls import Judgement, Part
from systems.models import System

# One file of this type is kept: the oldest, should two processes have made one at the same moment.
HOST_KEY_TYPE = "application/x-adgang-sftp-host-key"


def is_open() -> bool:
    """Say whether the installation has such a door."""
    return bool(settings.ADGANG_SFTP_PORT)


def host_key() -> bytes:
    """Return the door's private host key in OpenSSH's form, made when there is none.

    Raises `adgang.lib.secrets.UnreadableSecret` when the keys of the fields are gone.
    """
    return _kept().content()


def _kept() -> Blob:
    oldest = Blob.objects.filter(media_type=HOST_KEY_TYPE).order_by("created", "pk")
    if not oldest.exists():
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        keeping.keep(made, media_type=HOST_KEY_TYPE, filename="sftp-host-key")
    return oldest[0]


def system_of(username: str, key: str) -> System | None:
    """Return the system that has this user name and public key (base64 of its wire form); None when none has.

    The next key counts beside the present one. A wrong name and a wrong key cost the same.
    """
    named = System.objects.filter(ssh_username=username).with_page_data().order_by("pk")
    return next((one for one in named for kept in (one.ssh_key, one.next_ssh_key) if kept and kept.blob == key), None)


def judge(system: System, *, key: str, address: str) -> Judgement:
    """Judge a call of a system that signed in with one of its keys."""
    is_present = system.ssh_key is not None and system.ssh_key.blob == key
    used = system.ssh_key if is_present else system.next_ssh_key
    return Judgement({Part.KEY: _of_key(used, is_present), Part.ADDRESS: calls.of_address(system, address)})


def _of_key(key: SshKey | None, is_present: bool) -> Finding:
    if key is None:
        return finding("system.ssh_key_missing")
    verdict = judge_ssh_key(key.line.encode(), refuse_short_rsa=settings.ADGANG_REFUSE_SHORT_RSA)
    refused = next((found for found in verdict.findings if found.severity is Severity.ERROR), None)
    return refused or finding("call.key_accepted" if is_present else "call.key_next", fingerprint=key.fingerprint)


def note(system: System, judgement: Judgement, *, address: str, at: dt.datetime) -> None:
    """Keep the call, and the sign of life when all of it was accepted."""
    calls.note(system.pk, judgement, way=calls.Way.SFTP, address=address, at=at)


def command(system: System) -> str:
    """Return the command with which whoever runs the system asks at the door; "" where that leads nowhere."""
    if not (is_open() and system.needs.ssh and system.ssh_username):
        return ""
    host = urlsplit(settings.ADGANG_BASE_URL).hostname or "localhost"
    return f"ssh -p {settings.ADGANG_SFTP_PORT} -i system_key {system.ssh_username}@{host} whoami"
