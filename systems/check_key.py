"""The installation's own SSH key, with which a check signs in where the owner allows it: made once, kept encrypted."""

import uuid

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from django.db import IntegrityError, transaction

from adgang.lib import secrets
from systems.models import CheckKey
from systems.steps.host_keys import pinned_key


def the_key() -> CheckKey:
    """Return the installation's key, made when there is none yet."""
    return CheckKey.objects.first() or _make()


def _make() -> CheckKey:
    private, id_ = Ed25519PrivateKey.generate(), uuid.uuid4()
    line = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    form = private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    made = CheckKey(
        id=id_,
        public=f"{line} adgang-{settings.ADGANG_ENVIRONMENT}",
        fingerprint=pinned_key(line).fingerprint,
        encrypted=secrets.encrypt(form, row=f"check_key:{id_}"),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # another process made it at the same moment
        return CheckKey.objects.get()
    return made
