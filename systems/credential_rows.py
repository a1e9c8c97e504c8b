"""The certificates and SSH keys of an organisation as the rows of one list.

Two tables, one list: every condition is put to both, and their union is sorted and cut into pages by the database. A
certificate that was uploaded for several systems is one row: its SHA-256 says which certificate it is.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from certificates.kinds import Kind
from certificates.models import Certificate, Revocation, SshKey, Standing
from organisations.models import Organisation, User
from systems.models import System

SSH = "SSH"
FIELDS = ("uid", "what", "label", "mark", "number", "holder", "until", "received", "revoked")


@dataclass
class Row:
    """A credential in the list. `mark` is its SHA-256 or fingerprint, `until` None for a key; `systems` use it."""

    uid: uuid.UUID
    what: str
    label: str
    mark: str
    number: str
    holder: str
    until: dt.datetime | None
    received: dt.datetime
    revoked: bool
    systems: list[System] = field(default_factory=list)

    @property
    def is_key(self) -> bool:
        """Whether it is an SSH key."""
        return self.what == SSH


class CredentialRows:
    """What the list component asks of a queryset, put to both tables."""

    ordered = True

    def __init__(
        self, certificates: QuerySet[Any], keys: QuerySet[Any], systems: QuerySet[System], order: tuple[Any, ...] = ()
    ) -> None:
        self.certificates, self.keys, self.systems, self.order = certificates, keys, systems, order

    def filter(self, condition: Q) -> "CredentialRows":
        """Return the rows that pass; `condition` names the fields of `Row`."""
        return self.of(self.certificates.filter(condition), self.keys.filter(condition))

    def order_by(self, *order: Any) -> "CredentialRows":
        """Return the rows in that order."""
        named = tuple("uid" if one == "pk" else one for one in order)
        return CredentialRows(self.certificates, self.keys, self.systems, named)

    def of(self, certificates: QuerySet[Any], keys: QuerySet[Any]) -> "CredentialRows":
        """Return the same list of other rows."""
        return CredentialRows(certificates, keys, self.systems, self.order)

    def used(self, *, by: QuerySet[System] | None = None) -> "CredentialRows":
        """Return the rows that a system uses (one of `by`), now or from a date."""
        systems = self.systems if by is None else by
        return self.of(
            self.certificates.filter(Exists(systems.filter(uses_certificate(OuterRef("sha256"))))),
            self.keys.filter(Exists(systems.filter(uses_key(OuterRef("fingerprint"))))),
        )

    def unused(self) -> "CredentialRows":
        """Return the rows that no system uses."""
        return self.of(
            self.certificates.exclude(Exists(self.systems.filter(uses_certificate(OuterRef("sha256"))))),
            self.keys.exclude(Exists(self.systems.filter(uses_key(OuterRef("fingerprint"))))),
        )

    def holds_certificate(self, certificate: Certificate) -> bool:
        """Say whether the certificate, in this or another upload, is among the rows."""
        return bool(self.certificates.filter(sha256=certificate.sha256, user=certificate.user_id).exists())

    def holds_key(self, key: SshKey) -> bool:
        """Say whether the key, in this or another upload, is among the rows."""
        return bool(self.keys.filter(fingerprint=key.fingerprint).exists())

    def count(self) -> int:
        """Return how many rows there are."""
        return int(self.certificates.count()) + int(self.keys.count())

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, cut: slice) -> list[Row]:
        return self._with_systems(self._rows()[cut])

    def iterator(self, chunk_size: int) -> Iterator[Row]:
        """Yield every row, a number of them at a time."""
        rows = self._rows()
        for start in range(0, self.count(), chunk_size):
            yield from self._with_systems(rows[start : start + chunk_size])

    def _rows(self) -> QuerySet[Any, Any]:
        keys = self.keys.order_by().values_list(*FIELDS)
        return self.certificates.order_by().values_list(*FIELDS).union(keys, all=True).order_by(*self.order)

    def _with_systems(self, values: Iterable[tuple[Any, ...]]) -> list[Row]:
        rows = [Row(*one) for one in values]
        marks = [row.mark for row in rows]
        users = self.systems.filter(uses_certificate(marks, "__in") | uses_key(marks, "__in"))
        for system in users.select_related("certificate", "next_certificate", "ssh_key", "next_ssh_key"):
            for row in rows:
                if row.mark in marks_of(system):
                    row.systems.append(system)
        return rows


def marks_of(system: System) -> set[str]:
    """Return the SHA-256 and fingerprints of what a system uses, now or from a date."""
    certificates = {one.sha256 for one in (system.certificate, system.next_certificate) if one}
    return certificates | {one.fingerprint for one in (system.ssh_key, system.next_ssh_key) if one}


def uses_certificate(sha256: Any, how: str = "") -> Q:
    """Return the condition that a system uses the certificate, in force or staged."""
    return Q(**{f"certificate__sha256{how}": sha256}) | Q(**{f"next_certificate__sha256{how}": sha256})


def uses_key(fingerprint: Any, how: str = "") -> Q:
    """Return the condition that a system uses the SSH key, alone or beside another."""
    return Q(**{f"ssh_key__fingerprint{how}": fingerprint}) | Q(**{f"next_ssh_key__fingerprint{how}": fingerprint})


def credentials_of(
    organisation: Organisation, *, systems: QuerySet[System], people: Q, limited: bool
) -> CredentialRows:
    """Return the credentials of an organisation, each once.

    `systems`: those that the reader may see. `people`: whose employee certificates they may see. `limited`: only what
    those systems use, for a reader whose role reaches no further.
    """
    rows = CredentialRows(_certificates(organisation).filter(Q(user=None) | people), _keys(organisation), systems)
    return rows.used() if limited else rows


def whose(user: User | None, *, everybody: bool) -> Q:
    """Return the condition for the employee certificates that a person may see: all of them, or their own."""
    return Q(user__isnull=False) if everybody else Q(user=user, user__isnull=False)


def _certificates(organisation: Organisation) -> QuerySet[Any]:
    later = Certificate.objects.filter(
        Q(uploaded__gt=OuterRef("uploaded")) | Q(uploaded=OuterRef("uploaded"), pk__gt=OuterRef("pk")),
        Q(user=OuterRef("user")) | Q(user=None, kind__in=[Kind.FOCES, Kind.VOCES]),
        organisation=organisation,
        sha256=OuterRef("sha256"),
    )
    named = Certificate.objects.filter(organisation=organisation).exclude(Exists(later))
    revoked = Standing.objects.filter(revocation=Revocation.REVOKED)
    rows: QuerySet[Any] = named.annotate(
        uid=F("pk"),
        what=F("kind"),
        label=F("subject"),
        mark=F("sha256"),
        number=F("serial_number"),
        holder=F("cvr"),
        until=F("not_after"),
        received=F("uploaded"),
        revoked=Exists(revoked.filter(certificate__sha256=OuterRef("sha256"))),
    )
    return rows


def _keys(organisation: Organisation) -> QuerySet[Any]:
    later = SshKey.objects.filter(
        Q(uploaded__gt=OuterRef("uploaded")) | Q(uploaded=OuterRef("uploaded"), pk__gt=OuterRef("pk")),
        organisation=organisation,
        fingerprint=OuterRef("fingerprint"),
    )
    return (
        SshKey.objects.filter(organisation=organisation)
        .exclude(Exists(later))
        .annotate(
            uid=F("pk"),
            what=_text(SSH),
            label=F("comment"),
            mark=F("fingerprint"),
            number=F("type"),
            holder=_text(organisation.cvr_number),
            until=Cast(Value(None), DateTimeField()),
            received=F("uploaded"),
            revoked=Value(False, output_field=BooleanField()),
        )
    )


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())
