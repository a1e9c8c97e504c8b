"""What the portal keeps for others: encrypted files, waiting mail, secret links, counters and signs of life."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from adgang.lib import secrets


class Blob(models.Model):
    """A kept file, encrypted at rest with its own id bound to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    media_type = models.CharField(max_length=100)
    filename = models.CharField(max_length=255)
    size = models.PositiveIntegerField(help_text=_("in bytes"))
    sha256 = models.CharField(max_length=64)
    encrypted = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)

    secret_fields = frozenset({"encrypted"})
    encrypted_fields: ClassVar = {"encrypted": "blob"}

    def __str__(self) -> str:
        return self.filename

    def content(self) -> bytes:
        """Return the file's bytes. Raises `adgang.lib.secrets.UnreadableSecret` when the keys are gone."""
        return secrets.decrypt(bytes(self.encrypted), row=f"blob:{self.id}")


class Mail(models.Model):
    """A mail to send: which text about which object to whom. Its secrets are made while it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=50)
    to = models.EmailField()
    language = models.CharField(max_length=2, default="da")
    organisation = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.CASCADE)
    object_id = models.UUIDField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    claimed = models.DateTimeField(null=True)
    sent = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["created"]
        indexes = [models.Index(fields=["next_attempt"], condition=models.Q(sent=None), name="mail_waiting")]

    def __str__(self) -> str:
        return self.kind


class SecretLink(models.Model):
    """A link that opens something to its holder: only its hash is kept; it ends by use, date or revocation."""

    class Purpose(models.TextChoices):
        PASSWORD = "PASSWORD", _("choose a new password")
        CALENDAR = "CALENDAR", _("calendar")
        EMAIL_CONFIRM = "EMAIL_CONFIRM", _("confirm a new e-mail")
        EMAIL_OBJECT = "EMAIL_OBJECT", _("object to a new e-mail")
        CHECK_REPORT = "CHECK_REPORT", _("a connection check")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=20, choices=Purpose)
    object_id = models.UUIDField(db_index=True)
    # Whose link it is, where the object alone does not say it.
    user = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    secret_fields = frozenset({"token_hash"})

    def __str__(self) -> str:
        return self.get_purpose_display()


class Throttle(models.Model):
    """How often something was tried in the current window, by a key that names no person (a hash)."""

    key = models.CharField(max_length=80, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    resets = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a part of the installation last showed that it is alive, by its name ("worker")."""

    name = models.CharField(max_length=40, primary_key=True)
    beat = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
