"""Credentials that organisations have registered."""

import datetime as dt
import ssl
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from adgang.lib.findings import Finding
from certificates.details import read_details
from certificates.kinds import Environment, Generation, Kind
from organisations.models import Organisation, User


class StoredFindings(models.Model):
    """Abstract: findings kept as {code, severity, params}; their texts are made for the reader."""

    findings = models.JSONField(default=list, editable=False)

    class Meta:
        abstract = True

    @property
    def found(self) -> list[Finding]:
        """What was found when the credential was received."""
        return [Finding.from_json(stored) for stored in self.findings]


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates by what they are."""

    def valid_at(self, at: dt.datetime) -> Self:
        """Those whose dates include `at`."""
        return self.filter(not_before__lte=at, not_after__gte=at)

    def of_person(self, user: User, organisation: Organisation) -> Self:
        """The employee certificates a person has registered in an organisation, the newest first."""
        return (
            self.filter(user=user, organisation=organisation, kind=Kind.MOCES)
            .select_related("standing")
            .order_by("-uploaded")
        )

    def same_as(self, sha256: str) -> Self:
        """Every registration of one and the same certificate."""
        return self.filter(sha256=sha256)


class Certificate(StoredFindings):
    """An OCES certificate as it was accepted. Never changed afterwards; `user` is set for a person's own (MOCES).

    (cvr, holder_id) is the slot that survives renewals, `sha256` the single certificate.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, related_name="certificates", on_delete=models.CASCADE)
    user = models.ForeignKey(User, null=True, blank=True, related_name="certificates", on_delete=models.CASCADE)
    pem = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    environment = models.CharField(_("environment"), max_length=10, choices=Environment)
    generation = models.CharField(_("generation"), max_length=5, choices=Generation)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    cvr = models.CharField(_("CVR number"), max_length=8)
    holder_id = models.CharField(max_length=100)
    subject = models.TextField(_("subject"))
    issuer = models.TextField(_("issuer"))
    serial_number = models.CharField(_("serial number"), max_length=80)
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid to"))
    uploaded = models.DateTimeField(_("uploaded"), default=timezone.now)
    uploaded_by_id = models.UUIDField(null=True, editable=False)

    objects: ClassVar[Any] = CertificateQuerySet.as_manager()

    secret_fields = frozenset({"pem"})  # public, but no reading for the event log; the fingerprint says which

    class Meta:
        ordering = ["-uploaded"]
        verbose_name = _("certificate")
        indexes = [
            models.Index(fields=["organisation", "cvr", "holder_id"], name="certificate_slot"),
            models.Index(fields=["not_after"], name="certificate_expiry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) | Q(kind=Kind.MOCES), name="certificate_of_a_person_is_moces"
            ),
        ]

    def __str__(self) -> str:
        """Kind and fingerprint; no name, for an employee's would outlive the person in the event log."""
        return f"{self.kind} {self.sha256[:16]}"

    @property
    def personal_fields(self) -> frozenset[str]:
        """What the event log keeps outside its chain: an employee's name stands in the subject, and in findings."""
        return frozenset({"subject", "holder_id", "findings"}) if self.kind == Kind.MOCES else frozenset()

    @property
    def der(self) -> bytes:
        """The certificate itself."""
        return ssl.PEM_cert_to_DER_cert(self.pem)

    @cached_property
    def common_name(self) -> str:
        """What the certificate calls its holder."""
        return read_details(self.der).title


class SshKey(StoredFindings):
    """An SSH public key as it was accepted. `blob` is base64 of the key in wire form, without type and comment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, related_name="ssh_keys", on_delete=models.CASCADE)
    type = models.CharField(_("type"), max_length=50)
    bits = models.PositiveIntegerField(_("bits"))
    fingerprint = models.CharField(_("fingerprint"), max_length=60, db_index=True)
    blob = models.TextField()
    comment = models.CharField(_("comment"), max_length=200, blank=True)
    uploaded = models.DateTimeField(_("uploaded"), default=timezone.now)
    uploaded_by_id = models.UUIDField(null=True, editable=False)

    personal_fields = frozenset({"comment"})  # often user@host

    class Meta:
        ordering = ["-uploaded"]
        verbose_name = _("SSH key")

    def __str__(self) -> str:
        return f"{self.type} {self.fingerprint}"

    @property
    def line(self) -> str:
        """The key as one line for an authorized_keys file."""
        return f"{self.type} {self.blob} {self.comment}".rstrip()
