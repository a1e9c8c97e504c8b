"""What is known of a registered credential, in rows of their own: it changes without the credential changing."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib.findings import Finding, Severity
from certificates.models.credentials import Certificate, SshKey, StoredFindings


class Revocation(models.TextChoices):
    """What is known of a certificate's revocation."""

    GOOD = "good", _("not revoked")
    REVOKED = "revoked", _("revoked")
    UNKNOWN = "unknown", _("not known")


TOLD_ELSEWHERE = ("date.", "revocation.")


class Rechecked(StoredFindings):
    """Abstract: when a credential is judged again, and what was found the last time.

    Work is claimed by one conditional UPDATE that moves `due` and writes `batch`; should the worker die, the row comes
    due again by itself. `untold`: it is refused for something of which those who depend on it have not been told yet.
    """

    due = models.DateTimeField(default=timezone.now, null=True, db_index=True)  # None: never again
    batch = models.UUIDField(null=True, db_index=True)
    judged = models.DateTimeField(null=True)
    untold = models.BooleanField(default=False)

    HOLDER: ClassVar[str]  # the path to the organisation that registered the credential
    TO_JUDGE: ClassVar[Q] = Q()  # which rows the night takes when they are due

    class Meta:
        abstract = True

    @property
    def errors(self) -> list[Finding]:
        """What the last re-check found that refuses, besides dates and revocation, which are told elsewhere."""
        return [one for one in self.found if one.severity is Severity.ERROR and not one.code.startswith(TOLD_ELSEWHERE)]


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

    HOLDER = "certificate__organisation"
    TO_JUDGE = Q(pending=False)  # of the others the issuer is asked first

    class Meta:
        verbose_name = _("revocation of a certificate")
        indexes = [
            models.Index(fields=["revocation"], condition=Q(revocation=Revocation.REVOKED), name="standing_revoked"),
            models.Index(fields=["due"], condition=Q(pending=True), name="standing_pending"),
            models.Index(fields=["untold"], condition=Q(untold=True), name="standing_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.revocation}"

    @property
    def credential(self) -> Certificate:
        """What was judged."""
        return self.certificate


class KeyStanding(Rechecked):
    """What judging an SSH key again found."""

    key = models.OneToOneField(SshKey, primary_key=True, related_name="standing", on_delete=models.CASCADE)

    HOLDER = "key__organisation"

    class Meta:
        verbose_name = _("re-check of an SSH key")
        indexes = [models.Index(fields=["untold"], condition=Q(untold=True), name="key_standing_untold")]

    def __str__(self) -> str:
        return str(self.key_id)

    @property
    def credential(self) -> SshKey:
        """What was judged."""
        return self.key
