"""Who was told that a certificate expires: each threshold is a row, each day's mail for an organisation another."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExpiryNoticeQuerySet(models.QuerySet["ExpiryNotice"]):
    """Chainable questions about notices."""

    def of(self, organisation_id: uuid.UUID, sha256: str) -> Self:
        """Those about one certificate of one organisation."""
        return self.filter(organisation_id=organisation_id, sha256=sha256)


class ExpiryNotice(models.Model):
    """That a certificate of an organisation passed a threshold, in days before its end.

    `threshold` is one of `systems.expiry.THRESHOLDS`, or `REPLACED` when it was replaced after people had been told.
    The row is made once; `day` is the date of the digest in which it stands. `systems` are the ids of those that used
    it, as text (none: a person's own). `replaced_by` is the SHA-256 of the certificate that took its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="expiry_notices", on_delete=models.CASCADE
    )
    certificate = models.ForeignKey("certificates.Certificate", related_name="expiry_notices", on_delete=models.CASCADE)
    sha256 = models.CharField(max_length=64)
    threshold = models.SmallIntegerField()
    day = models.DateField(db_index=True)
    systems = models.JSONField(default=list)
    replaced_by = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["ExpiryNotice"]] = ExpiryNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["day", "threshold"]
        verbose_name = _("notice of expiry")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sha256", "threshold"], name="expiry_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:16]} {self.threshold}"


class ExpiryDigest(models.Model):
    """The one mail of a day about the certificates of an organisation; `queued` when its mails stand in the outbox."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="expiry_digests", on_delete=models.CASCADE
    )
    day = models.DateField()
    queued = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("mail about expiring certificates")
        constraints = [models.UniqueConstraint(fields=["organisation", "day"], name="expiry_digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
