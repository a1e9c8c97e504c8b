"""The second factor of a person: passkeys, an app that makes one-time codes, recovery codes for when they are lost."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from adgang.lib import secrets
from organisations.models.user import User


class Totp(models.Model):
    """The secret shared with a person's app. It counts from `confirmed`, when the app showed that it knows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField("organisations.User", related_name="totp", on_delete=models.CASCADE)
    encrypted = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)
    confirmed = models.DateTimeField(null=True)
    # The newest half minute whose code was taken; a code serves once.
    last_step = models.BigIntegerField(default=0)

    secret_fields = frozenset({"encrypted"})
    encrypted_fields = {"encrypted": "totp"}

    def __str__(self) -> str:
        return f"TOTP {self.pk}"

    def secret(self) -> str:
        """Return the secret in base32. Raises `adgang.lib.secrets.UnreadableSecret` when the keys are gone."""
        return secrets.decrypt(bytes(self.encrypted), row=f"totp:{self.id}").decode()


class Passkey(models.Model):
    """A key of a person's telephone, computer or security key; the portal holds its public half alone (WebAuthn)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("organisations.User", related_name="passkeys", on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=60)
    # In base64url, as browsers tell it; at most 1,023 bytes (WebAuthn, section 4).
    credential_id = models.CharField(max_length=1364, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    transports = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(null=True)
    # When it counted backwards, as a copy of it would.
    stopped = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created"]
        verbose_name = _("passkey")

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code that serves once instead of the app's; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("organisations.User", related_name="recovery_codes", on_delete=models.CASCADE)
    code_hash = models.CharField(max_length=64)
    used = models.DateTimeField(null=True)

    secret_fields = frozenset({"code_hash"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


def _is_there() -> Q:
    app = Totp.objects.filter(user=OuterRef("pk"), confirmed__isnull=False)
    return Q(Exists(app)) | Q(Exists(Passkey.objects.filter(user=OuterRef("pk"), stopped=None)))


def with_second_factor(people: QuerySet[User]) -> QuerySet[User]:
    """Return the people with `has_second`: whether their password alone does not let them in."""
    return people.annotate(has_second=_is_there())


def has_second_factor(user: User) -> bool:
    """Say whether the person's password alone does not let them in."""
    return User.objects.filter(_is_there(), pk=user.pk).exists()
