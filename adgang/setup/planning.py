"""What a set-up file would do: every fault of it, and everything that would be different, field by field."""

import datetime as dt
import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from adgang.lib.findings import Severity, finding
from adgang.lib.snapshots import JSON
from adgang.setup import (
    carrying,
    changes,
    documents,
    letters,
    role_changes,
    role_reading,
    structure_reading,
    system_reading,
    template_reading,
)
from adgang.setup.carrying import Rules
from adgang.setup.changes import Act, Change
from adgang.setup.documents import CHANGE, VIEW, Document, Section
from adgang.setup.letters import Letters
from adgang.setup.nodes import Found, Node, Unreadable
from adgang.setup.structure_reading import Wanted
from adgang.setup.template_offers import Offers
from adgang.setup.wanted_roles import Roles
from adgang.setup.wanted_systems import Systems
from adgang.setup.wanted_templates import Templates
from contacts import loading
from contacts.loading import Structure
from contacts.models import ContactGroup, ContactPoint
from contacts.settling import settle
from organisations.models import Organisation
from organisations.rights import Right

ACROSS = 500  # ids asked for at once
# Whether the caller has a right over the whole organisation.
May = Callable[[Right], bool]


@dataclass
class Plan:
    """What a file would do to an organisation. A section that the file does not have is None: it is left alone."""

    organisation: Organisation
    document: Document | None = None
    rules: Rules = field(default_factory=Rules)
    findings: list[Found] = field(default_factory=list)
    before: Structure = field(default_factory=Structure)
    systems: Systems | None = None
    structure: Wanted | None = None
    letters: Letters | None = None
    roles: Roles | None = None
    templates: Templates | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether something keeps the file from being carried out."""
        return any(one.finding.severity is Severity.ERROR for one in self.findings)

    def found(self, severity: Severity) -> list[Found]:
        """Return the findings of a severity, in the order of the file."""
        listed = [one for one in self.findings if one.finding.severity is severity]
        return sorted(listed, key=lambda one: one.line or 0)

    @property
    def needs_reason(self) -> bool:
        """Whether a system would go into service in spite of doubts about its connection."""
        return any(one.doubts for one in (self.systems.wanted if self.systems else ()))

    @property
    def counts(self) -> dict[Act, int]:
        """How many objects are added, changed, moved and removed."""
        counted = Counter(change.act for change in self.changes)
        return {act: counted[act] for act in Act}

    @property
    def digest(self) -> str:
        """A fingerprint of the difference, by which it is known whether it is still the one that was agreed to.

        Ids that the plan made itself do not count, nor where something is said to belong to what bears one.
        """
        made = {str(change.id): f"+{number}" for number, change in enumerate(self.changes) if change.act is Act.ADDED}
        told = [
            [change.section, change.act, change.kind, change.name, change.path]
            + [[one.key, one.before, made.get(one.after, one.after)] for one in change.fields]
            + ([] if change.act is Act.ADDED else [str(change.id)])
            for change in self.changes
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    def as_json(self) -> dict[str, JSON]:
        """Return the plan for programs."""
        return {
            "organisation": self.organisation.cvr_number,
            "refused": self.refused,
            "digest": self.digest,
            "counts": {str(act): count for act, count in self.counts.items()},
            "findings": [{"line": one.line, "key": one.key, **one.finding.as_text()} for one in self.findings],
            "changes": [change.as_json() for change in self.changes],
        }


def plan(
    organisation: Organisation,
    content: bytes,
    *,
    at: dt.datetime,
    may: May = lambda _right: True,
    begun: Callable[[str], None] = lambda _stage: None,
) -> Plan:
    """Return what a file would do to an organisation's set-up at a moment; nothing is written.

    `may` says which rights over the whole organisation the caller has: a difference in a section that they may not
    change is a fault. `begun` is told of each section when its turn comes, by its key.
    """
    made = Plan(organisation)
    try:
        made.document = documents.read(content)
    except Unreadable as unreadable:
        made.findings.append(unreadable.found)
        return made
    made.findings += made.document.findings
    made.rules = carrying.read(made.document.carry, made.findings)
    _refuse_foreign(made, made.document)
    if made.refused:
        return made
    if made.rules.is_given:
        carrying.carry(made.document.sections, made.rules, made.findings)
    _read(made, _only_seen(made, may), at, begun)
    made.changes = list(_changes(made))
    _protect(made)
    _refuse_forbidden(made, may)
    return made


def _refuse_foreign(made: Plan, document: Document) -> None:
    """A file of another organisation or environment is carried by rules, or not at all."""
    if made.rules.is_given:
        return
    if document.cvr != made.organisation.cvr_number:
        params = {"value": document.cvr or "–", "cvr": made.organisation.cvr_number}
        line = document.lines.get("cvrNumber")
        made.findings.append(Found(finding("setup.other_organisation", **params), line, "cvrNumber"))
    if document.environment != settings.ADGANG_ENVIRONMENT:
        params = {"value": document.environment or "–", "environment": settings.ADGANG_ENVIRONMENT}
        line = document.lines.get("environment")
        made.findings.append(Found(finding("setup.other_environment", **params), line, "environment"))


def _only_seen(made: Plan, may: May) -> Mapping[Section, Node]:
    """Return the sections that the caller may see; another is not compared, for a plan would tell them of it."""
    sections = made.document.sections if made.document else {}
    for section in sections:
        if not may(VIEW[section]):
            line = made.document.lines.get(section.value) if made.document else None
            made.findings.append(Found(finding("setup.not_seen", section=section.value), line, section.value))
    return {section: node for section, node in sections.items() if may(VIEW[section])}


def _read(made: Plan, sections: Mapping[Section, Node], at: dt.datetime, begun: Callable[[str], None]) -> None:
    organisation, findings, rules = made.organisation, made.findings, made.rules
    made.before = loading.load(organisation)
    if (section := sections.get(Section.TEMPLATES)) is not None:
        begun(Section.TEMPLATES)
        made.templates = template_reading.read(section, organisation, findings, at=at, rules=rules)
    if (section := sections.get(Section.SYSTEMS)) is not None:
        begun(Section.SYSTEMS)
        source = made.document.cvr if made.document else ""
        offers = Offers(organisation, made.templates, source=source, rules=rules)
        made.systems = system_reading.read(section, organisation, findings, at=at, rules=rules, offers=offers)
    systems = made.systems.after if made.systems else made.before.systems
    if (section := sections.get(Section.STRUCTURE)) is not None:
        begun(Section.STRUCTURE)
        made.structure = structure_reading.read(section, made.before, systems, findings, taken=_taken, rules=rules)
        settle(made.before, made.structure.structure)
    if (section := sections.get(Section.LETTERS)) is not None:
        begun(Section.LETTERS)
        made.letters = letters.read(
            section,
            organisation,
            findings,
            systems=systems,
            points=_after(made).points,
            ids=made.structure.ids if made.structure else {},
            rules=rules,
        )
    if (section := sections.get(Section.ROLES)) is not None:
        begun(Section.ROLES)
        made.roles = role_reading.read(section, organisation, findings, at=at, rules=rules, systems=systems)


def _changes(made: Plan) -> Iterator[Change]:
    if made.systems:
        yield from changes.of_systems(made.systems)
    if made.structure:
        yield from changes.of_structure(made.before, made.structure)
    if made.letters:
        yield from changes.of_letters(made.letters.rows)
    if made.templates:
        yield from changes.of_templates(made.templates)
    if made.roles:
        names = {system.pk: system.name for system in made.systems.gone} if made.systems else {}
        yield from role_changes.of_roles(made.roles, names)


def _taken(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    wanted, found = list(ids), set[uuid.UUID]()
    for start in range(0, len(wanted), ACROSS):
        some = wanted[start : start + ACROSS]
        found.update(ContactGroup.objects.filter(pk__in=some).values_list("pk", flat=True))
        found.update(ContactPoint.objects.filter(pk__in=some).values_list("pk", flat=True))
    return found


def _after(made: Plan) -> Structure:
    return made.structure.structure if made.structure else made.before


# --- What must not happen -------------------------------------------------------------------------------------------


def _protect(made: Plan) -> None:
    """Refuse to take away what contact points or letters still use."""
    _protect_systems(made)
    _protect_points(made)


def _protect_systems(made: Plan) -> None:
    if made.systems is None:
        return
    users = Counter(node.values.system.pk for node in _after(made).points.values())
    for one in made.systems.wanted:
        if not one.new.is_recipient and users[one.new.pk]:
            params = {"name": one.new.name, "count": users[one.new.pk]}
            made.findings.append(Found(finding("setup.system_used", **params), one.line, "systemTypes"))
    for gone in made.systems.gone:
        if users[gone.pk]:
            params = {"name": gone.name, "count": users[gone.pk]}
            made.findings.append(Found(finding("setup.system_used", **params), None, "systems"))


def _protect_points(made: Plan) -> None:
    if made.structure is None:
        return
    gone = {pk: node for pk, node in made.before.points.items() if pk not in made.structure.structure.points}
    if not gone:
        return
    after = made.letters.after if made.letters else letters.stored(made.organisation)
    for letter_type in after:
        point = gone.get(letter_type.reply_point_id) if letter_type.reply_point_id else None
        if point is not None:
            params = {"name": point.values.name, "letter": letter_type.name}
            made.findings.append(Found(finding("setup.point_used", **params), None, "contactStructure"))


def _refuse_forbidden(made: Plan, may: May) -> None:
    for section in Section:
        if not may(CHANGE[section]) and any(change.section is section for change in made.changes):
            line = made.document.lines.get(section.value) if made.document else None
            made.findings.append(Found(finding("setup.not_yours", section=section.value), line, section.value))
