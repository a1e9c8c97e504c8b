"""Saved answers of the registry of Digital Post become systems here; the registry's ids are kept as `registry_id`.

The same documents again change nothing. A system is known by its `registry_id`; one that was set up here beforehand,
under the same name and without such an id, is taken to be the same and linked.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from adgang.lib.findings import Finding, Severity, finding
from adgang.lib.registered import save_version
from certificates.ssh_keys import judge_ssh_key
from certificates.uploading import receive_ssh_key
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from organisations.models import Organisation
from systems import rules
from systems.default_recipient import take_mark
from systems.dependants import dependants
from systems.documents import ON_THE_WIRE, Document, Registration, UnusableDocument, read_document
from systems.health import dials_the_same, forget_checks
from systems.models import System
from systems.registering import add, write_networks
from systems.rules import REQUIRED_IN_SERVICE
from systems.writing import entry, stored, told

# Without these there is no system; any other value that cannot be used is left out and named.
ESSENTIAL = frozenset({"name", "is_sender", "service_protocol", "registry_id"})


class Outcome(StrEnum):
    """What became of one document."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One document: the system it became (None when refused), and what was found about it."""

    name: str
    outcome: Outcome
    system: System | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImportedSystems:
    """All documents in order, and the events of what was written, for the caller to record."""

    rows: list[Imported] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def by_registry_id(self) -> dict[uuid.UUID, System]:
        """The systems by their id in the registry, for whatever refers to them."""
        return {row.system.registry_id: row.system for row in self.rows if row.system and row.system.registry_id}

    @property
    def refused(self) -> list[Imported]:
        """The documents that could not be used."""
        return [row for row in self.rows if row.outcome is Outcome.REFUSED]


@transaction.atomic
def import_systems(
    *, caller: Caller, organisation: Organisation, documents: Iterable[Document], dry_run: bool = False
) -> ImportedSystems:
    """Write the documents (see `documents.documents_in`) as systems of the organisation.

    Records nothing: the caller puts `entries` into the one `record_all` that ends its transaction. With `dry_run`
    everything is undone again, and there are no entries. A document that is refused leaves the others alone.
    """
    lock(organisation.pk)
    made = ImportedSystems()
    mark = transaction.savepoint()
    for document in documents:
        made.rows.append(_take(caller, organisation, document, made.entries))
    if dry_run:
        transaction.savepoint_rollback(mark)
        made.entries.clear()
    else:
        transaction.savepoint_commit(mark)
    return made


def _take(caller: Caller, organisation: Organisation, document: Document, entries: list[Entry]) -> Imported:
    try:
        with transaction.atomic():
            return _write(caller, organisation, read_document(document), entries)
    except UnusableDocument as unusable:
        name = str(document.get("name") or "")[:100]
        return Imported(name=name, outcome=Outcome.REFUSED, findings=unusable.findings)


def _write(caller: Caller, organisation: Organisation, said: Registration, entries: list[Entry]) -> Imported:
    before = _known(organisation, said)
    system = (stored(before.pk) if before else None) or System(organisation=organisation)
    findings = [*said.findings, *_fill(system, before, said)]
    if before is not None and before.is_recipient and not system.is_recipient and (held := dependants(before)):
        raise UnusableDocument(finding("system.has_dependants", name=before.name, count=len(held)))
    marked = take_mark(organisation, besides=system) if system.is_default_recipient else []
    outcome, own = _save(caller, system, before, said, findings)
    entries += [*marked, *own]
    if said.has_certificate and system.certificate is None:
        findings.append(finding("system.import_certificate"))
    return Imported(name=system.name, outcome=outcome, system=system, findings=tuple(findings))


def _known(organisation: Organisation, said: Registration) -> System | None:
    """Return the system that the document is about, locked against those who change it on its page."""
    own = System.objects.select_for_update(of=("self",)).filter(organisation=organisation)
    found = own.filter(registry_id=said.registry_id).first()
    found = found or own.filter(registry_id=None, name__iexact=said.values["name"]).first()
    return stored(found.pk) if found else None


def _fill(system: System, before: System | None, said: Registration) -> list[Finding]:
    """Set what the document says on the unsaved system and name what is left out. Raises `UnusableDocument`."""
    for name, value in said.values.items():
        setattr(system, name, value)
    system.registry_id = said.registry_id
    wrong = _wrong(system, before)
    if essential := [_fault("system.import_field", name, why) for name, why in wrong.items() if name in ESSENTIAL]:
        raise UnusableDocument(*essential)
    for name in wrong:
        setattr(system, name, getattr(before, name) if before else "")
    linked = [finding("system.import_linked")] if before and before.registry_id is None else []
    return linked + [_fault("system.import_left_out", name, why) for name, why in wrong.items()]


def _fault(code: str, name: str, why: str) -> Finding:
    return finding(code, field=ON_THE_WIRE.get(name, name), why=why)


def _wrong(system: System, before: System | None) -> dict[str, str]:
    """Return what is wrong with the values, by field. What the registry allows itself is no fault here: an older
    format of receipts, and a system in service that lacks something."""
    try:
        system.clean_fields(exclude=["organisation"])
    except ValidationError as error:
        found = {name: " ".join(texts) for name, texts in error.message_dict.items()}
    else:
        found = {}
    for name, text in rules.faults(system, at=timezone.now(), before=before):
        if name != "receipt_format" and text is not REQUIRED_IN_SERVICE:
            found.setdefault(name, str(text))
    return found


def _save(
    caller: Caller, system: System, before: System | None, said: Registration, findings: list[Finding]
) -> tuple[Outcome, list[Entry]]:
    if before is None:
        _give_ssh_key(caller, system, said, findings)
        add(system, said.networks)
        return Outcome.CREATED, [entry(system, tag=Tag.SYSTEM_CREATED, after=told(system))]
    was = told(before)
    _give_ssh_key(caller, system, said, findings)
    write_networks(system, said.networks)
    if told(system) == was:
        return Outcome.UNCHANGED, []
    if not dials_the_same(before, system):
        forget_checks(system)
    save_version(system, version=before.version)
    return Outcome.CHANGED, [entry(system, tag=Tag.SYSTEM_CHANGED, before=was, after=told(system))]


def _give_ssh_key(caller: Caller, system: System, said: Registration, findings: list[Finding]) -> None:
    """Set the key of the document on the unsaved system, unless it is there already or cannot be used."""
    if not said.ssh_key:
        return
    fingerprint = judge_ssh_key(said.ssh_key).fingerprint
    if fingerprint and system.ssh_key and system.ssh_key.fingerprint == fingerprint:
        return
    received = receive_ssh_key(caller=caller, organisation=system.organisation, data=said.ssh_key, at=timezone.now())
    if received.key is not None:
        system.ssh_key = received.key
        return
    why = next((one.message for one in received.findings if one.severity is Severity.ERROR), "")
    findings.append(finding("system.import_ssh_key", why=why))
