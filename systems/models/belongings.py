"""What belongs to a system: its allowed addresses, its token, and the draft it may have begun as."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered


class AllowedIp(models.Model):
    """An address or range from which the system calls, in the one form of `systems.addresses.parse_network`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey("systems.System", related_name="allowed_ips", on_delete=models.CASCADE)
    network = models.CharField(_("address or range"), max_length=43)

    class Meta:
        ordering = ["network"]
        verbose_name = _("allowed address")
        constraints = [models.UniqueConstraint(fields=["system", "network"], name="allowed_ip_once")]

    def __str__(self) -> str:
        return self.network


class ApiToken(models.Model):
    """The system's token: only its SHA-256 and its first characters are kept, so that it can be recognised.

    `removed_certificate` is the one that the renewal took out of force, for it can be put back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.OneToOneField("systems.System", related_name="api_token", on_delete=models.CASCADE)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
    removed_certificate = models.ForeignKey(
        "certificates.Certificate", related_name="+", null=True, on_delete=models.SET_NULL
    )

    secret_fields = frozenset({"hash"})

    class Meta:
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.prefix


class SystemDraft(Registered):
    """A system that somebody has begun to create; `values` holds the cleaned values of the steps done, as JSON."""

    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="system_drafts", on_delete=models.CASCADE
    )
    begun_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["-updated"]
        verbose_name = _("draft of a system")

    def __str__(self) -> str:
        return str(self.values.get("name", ""))
