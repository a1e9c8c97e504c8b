"""The authorities that are trusted to issue certificates, and what they have revoked."""

import ssl
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.kinds import Environment, Generation


class TrustAnchor(models.Model):
    """An installed root or issuing CA. `pinned`: its fingerprint is one of the known OCES authorities."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pem = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    environment = models.CharField(max_length=10, choices=Environment)
    generation = models.CharField(max_length=5, choices=Generation)
    is_root = models.BooleanField()
    pinned = models.BooleanField()
    subject = models.TextField()
    issuer = models.TextField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    added = models.DateTimeField(default=timezone.now)
    # Of an authority that is not among the known ones, whose addresses are in `revocation.addresses`.
    crl_address = models.CharField(max_length=300, blank=True)
    ocsp_address = models.CharField(max_length=300, blank=True)

    secret_fields = frozenset({"pem"})

    class Meta:
        ordering = ["environment", "generation", "-is_root", "subject"]
        verbose_name = _("trust anchor")
        constraints = [
            models.CheckConstraint(
                condition=Q(pinned=True) | Q(environment=Environment.TEST), name="anchor_unpinned_in_test_only"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def der(self) -> bytes:
        """The CA certificate itself."""
        return ssl.PEM_cert_to_DER_cert(self.pem)


class RevocationList(models.Model):
    """The newest revocation list (CRL) of an installed authority, verified before it was stored, and its fetching.

    Without `this_update` none has been stored yet. `entries` is what `revocation.packing.packed` wrote; `number` is the
    CRL number in decimal digits, "" when the list bears none. `failure` is the code of the finding why the last attempt
    brought nothing new; `due` when the next one is made, moved by whoever makes it.
    """

    anchor = models.OneToOneField(
        TrustAnchor, primary_key=True, related_name="revocation_list", on_delete=models.CASCADE
    )
    number = models.CharField(max_length=50, blank=True)
    this_update = models.DateTimeField(null=True)
    next_update = models.DateTimeField(null=True)
    source = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(default=0)
    entries = models.BinaryField(default=bytes)
    fetched = models.DateTimeField(null=True)
    attempted = models.DateTimeField(null=True)
    failure = models.JSONField(null=True)
    due = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("revocation list")

    def __str__(self) -> str:
        return f"{self.anchor_id} {self.number}"
