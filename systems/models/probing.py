"""What a check may do beyond looking, once the owner allows it, and the key and the messages that this takes."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from adgang.lib import secrets


class Probe(models.TextChoices):
    """What leaves a trace at the other end, and is therefore done with the owner's leave only."""

    LOGIN = "LOGIN", _("Sign in and look into the folder")
    WRITE = "WRITE", _("Write a test file and delete it again")
    DELIVER = "DELIVER", _("Deliver a test message")
    MAIL = "MAIL", _("Send a test message by mail")


class AllowedProbe(models.Model):
    """A probe that the owner of a system has allowed; who and when stands in the event log for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey("systems.System", related_name="allowed_probes", on_delete=models.CASCADE)
    probe = models.CharField(max_length=10, choices=Probe)
    allowed = models.DateTimeField()
    allowed_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)

    class Meta:
        verbose_name = _("allowed test")
        constraints = [models.UniqueConstraint(fields=["system", "probe"], name="allowed_probe_once")]

    def __str__(self) -> str:
        return self.probe


class CheckKey(models.Model):
    """The SSH key with which this installation signs in to try a folder; one row. `public`: `type base64 comment`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    the_only = models.BooleanField(default=True, unique=True, editable=False)
    public = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=60)
    encrypted = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)

    secret_fields = frozenset({"encrypted"})
    encrypted_fields: ClassVar[Any] = {"encrypted": "check_key"}

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(the_only=True), name="check_key_only_one")]

    def __str__(self) -> str:
        return self.fingerprint

    def private(self) -> bytes:
        """Return the private key in OpenSSH's form. Raises `adgang.lib.secrets.UnreadableSecret`."""
        return secrets.decrypt(bytes(self.encrypted), row=f"check_key:{self.id}")


class ProbeAnswer(models.TextChoices):
    """What a person said of a test message."""

    OPENED = "OPENED", _("could be opened")
    NOT_OPENED = "NOT_OPENED", _("could not be opened")


class ProbeMessage(models.Model):
    """A test message of one run; `id` is the message's own UUID, `sent` None as long as it is not handed over.

    `certificate`: the SHA-256 of the one that it was encrypted to; empty where none was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey("systems.System", related_name="probe_messages", on_delete=models.CASCADE)
    run = models.OneToOneField("systems.CheckRun", related_name="probe_message", on_delete=models.CASCADE)
    probe = models.CharField(max_length=10, choices=Probe)
    certificate = models.CharField(max_length=64, blank=True)
    created = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=ProbeAnswer, blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)

    class Meta:
        verbose_name = _("test message")
        indexes = [models.Index(fields=["system", "-created"], name="probe_message_of_system")]

    def __str__(self) -> str:
        return str(self.pk)
