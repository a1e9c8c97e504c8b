"""Credentials that organisations have registered, and the authorities that are trusted to issue them."""

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

    Without `this_update` none has been stored yet. `entries` is what `revocation.entries.packed` wrote; `number` is the
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


class Revocation(models.TextChoices):
    """What is known of a certificate's revocation."""

    GOOD = "good", _("not revoked")
    REVOKED = "revoked", _("revoked")
    UNKNOWN = "unknown", _("not known")


class Rechecked(StoredFindings):
    """Abstract: when a credential is judged again, and what was found the last time.

    Work is claimed by one conditional UPDATE that moves `due` and writes `batch`; should the worker die, the row comes
    due again by itself.
    """

    due = models.DateTimeField(default=timezone.now, null=True, db_index=True)  # None: never again
    batch = models.UUIDField(null=True, db_index=True)
    judged = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Standing(Rechecked):
    """What is known of a certificate's revocation, in a row of its own: it changes without the certificate changing.

    `source` is "crl" or "ocsp", `as_of` when the source was made and `valid_until` how long it holds; `reason` as
    RFC 5280 names it. `pending`: the second opinion (OCSP) has not been had yet, `attempts` counts the tries.
    """

    certificate = models.OneToOneField(Certificate, primary_key=True, related_name="standing", on_delete=models.CASCADE)
    revocation = models.CharField(max_length=7, choices=Revocation, default=Revocation.UNKNOWN)
    source = models.CharField(max_length=4, blank=True)
    as_of = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    checked = models.DateTimeField(null=True)
    pending = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("revocation of a certificate")
        indexes = [
            models.Index(fields=["revocation"], condition=Q(revocation=Revocation.REVOKED), name="standing_revoked"),
            models.Index(fields=["due"], condition=Q(pending=True), name="standing_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.revocation}"


class KeyStanding(Rechecked):
    """What judging an SSH key again found."""

    key = models.OneToOneField(SshKey, primary_key=True, related_name="standing", on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("re-check of an SSH key")

    def __str__(self) -> str:
        return str(self.key_id)
