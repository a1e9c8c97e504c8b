"""A set-up as a document: its sections in their order, written for people, and read back."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adgang.lib.findings import finding
from adgang.setup import (
    carrying,
    letters,
    role_keys,
    roles_standing,
    structure_writing,
    system_keys,
    template_keys,
    wanted_systems,
    wanted_templates,
    yaml_reading,
    yaml_writing,
)
from adgang.setup.keys import nested
from adgang.setup.nodes import Entries, Found, Node, Text, Unreadable
from contacts import loading
from organisations import privileges
from organisations.models import Organisation
from organisations.rights import Right

FORMAT = "1"
MAX_BYTES = 40 * 1024 * 1024


class Section(StrEnum):
    """A part of the set-up, by its key in the file."""

    SYSTEMS = "systems"
    STRUCTURE = "contactStructure"
    LETTERS = "letterTypes"
    TEMPLATES = "standardSystems"
    ROLES = "roles"

    @property
    def label(self) -> str | Promise:
        """What people call it."""
        return LABELS[self]


LABELS = {
    Section.SYSTEMS: _("Systems"),
    Section.STRUCTURE: _("Contact structure"),
    Section.LETTERS: _("Letter types"),
    Section.TEMPLATES: _("Standard systems"),
    Section.ROLES: _("People and rights"),
}
VIEW = {
    Section.SYSTEMS: Right.SYSTEMS_VIEW,
    Section.STRUCTURE: Right.CONTACTS_VIEW,
    Section.LETTERS: Right.LETTERS_VIEW,
    Section.TEMPLATES: Right.SYSTEMS_VIEW,
    Section.ROLES: Right.PEOPLE_VIEW,
}
CHANGE = {
    Section.SYSTEMS: Right.SYSTEMS_CHANGE,
    Section.STRUCTURE: Right.CONTACTS_CHANGE,
    Section.LETTERS: Right.LETTERS_CHANGE,
    Section.TEMPLATES: Right.SYSTEMS_CHANGE,
    Section.ROLES: Right.PEOPLE_CHANGE,
}
HEAD = ("adgang", "cvrNumber", "name", "environment", "carry")


def export(organisation: Organisation, sections: Iterable[Section] = tuple(Section), *, carry: bool = False) -> str:
    """Return the set-up of an organisation as YAML; with `carry` the rules for taking it elsewhere are proposed.

    Raises `structure_writing.TooDeep`.
    """
    chosen = {section: WRITERS[section](organisation) for section in Section if section in sections}
    told = {"adgang": int(FORMAT), "cvrNumber": organisation.cvr_number, "name": organisation.name}
    parts = [_remarks(_head(organisation)), *yaml_writing.lines(told | {"environment": settings.ADGANG_ENVIRONMENT})]
    if carry:
        rules = carrying.proposed({section.value: entries for section, entries in chosen.items()})
        parts += ["", _remarks(CARRY_REMARK), *yaml_writing.lines({"carry": rules})]
    for section, entries in chosen.items():
        parts += ["", _remarks(REMARKS[section]), *yaml_writing.lines({section.value: entries})]
    return "\n".join([*parts, ""])


def _systems(organisation: Organisation) -> list[dict[str, Any]]:
    systems, networks = wanted_systems.stored(organisation)
    return [_system(system_keys.shown(one, networks[one.pk]), one.pk) for one in sorted(systems, key=_by_name)]


def _by_name(system: Any) -> tuple[str, uuid.UUID]:
    return system.name.casefold(), system.pk


def _system(shown: dict[str, Any], pk: uuid.UUID) -> dict[str, Any]:
    return {"system": shown.pop("name"), "id": str(pk), **nested(shown)}


WRITERS: dict[Section, Callable[[Organisation], list[dict[str, Any]]]] = {
    Section.SYSTEMS: _systems,
    Section.STRUCTURE: lambda organisation: structure_writing.written(loading.load(organisation)),
    Section.LETTERS: lambda organisation: [letters.written(one) for one in letters.stored(organisation)],
    Section.TEMPLATES: lambda organisation: [
        template_keys.written(one) for one in wanted_templates.stored(organisation)
    ],
    Section.ROLES: lambda organisation: role_keys.written(
        roles_standing.stored(organisation, at=timezone.now()), privileges.systems_of(organisation)
    ),
}


def _head(organisation: Organisation) -> str:
    return gettext(
        "The set-up of %(name)s. What differs from it in the portal is shown by plan_setup, or on the page Set-up as a "
        "file; apply_setup carries it out. A section is complete: what is taken out of it is deleted in the portal. A "
        "section that is left out altogether is not touched. There are no secrets in this file."
    ) % {"name": organisation.name}


CARRY_REMARK = _(
    "Rules for carrying this set-up to another installation, from test to production. Left of each colon stands what "
    "is here, right of it what it is to be there: hosts and mail domains, allowed addresses, certificates and keys by "
    "their fingerprints (nothing: the system keeps what it has there). Whole addresses and IDs may be added. All else "
    "is known there by its name. service: leave makes new systems that are not in service; take does as the file."
)
REMARKS = {
    Section.SYSTEMS: _(
        "Systems by name. Certificates and keys stand here by their fingerprints; they are uploaded in the portal."
    ),
    Section.STRUCTURE: _(
        "The contact structure in its order: groups in groups. A point that stands in several places is written at the "
        "first and named by its ID at the others (also)."
    ),
    Section.LETTERS: _("Letter types by name, with the ID of the contact point that replies go to."),
    Section.TEMPLATES: _(
        "The organisation's own standard systems, which authorities make systems from. The working copy stands at the "
        "top of each; a published edition never changes, and a new one is published by adding it."
    ),
    Section.ROLES: _(
        "Who has which role: user groups with their members, and people by their mail addresses. Whoever is unknown "
        "where the file is taken in is invited by mail. What other organisations were given stands at the end; it is "
        "only told here, and is given and taken on the page Vendors and authorities."
    ),
}
WIDTH = 100


def _remarks(text: str | Promise) -> str:
    """Return a text as remarks of a bearable width."""
    lines: list[str] = [""]
    for word in str(text).split():
        if len(lines[-1]) + len(word) > WIDTH:
            lines.append("")
        lines[-1] += f" {word}"
    return "\n".join(f"#{line}" for line in lines)


@dataclass(frozen=True)
class Document:
    """A file as it was read: whose set-up it is, from which environment, its sections, and the rules of carrying it."""

    cvr: str
    environment: str
    sections: dict[Section, Node]
    carry: Entries | None
    findings: list[Found]
    lines: dict[str, int]


def read(content: bytes) -> Document:
    """Return a file's sections, not understood yet. Raises `Unreadable`."""
    if len(content) > MAX_BYTES:
        raise Unreadable("setup.large")
    root = yaml_reading.read(content)
    if not isinstance(root, Entries) or "adgang" not in root.entries:
        raise Unreadable("setup.no_setup", line=root.line)
    version = _text(root, "adgang")
    if version != FORMAT:
        raise Unreadable("setup.format", line=root.lines["adgang"], key="adgang", value=version)
    carry = root.entries.get("carry")
    findings = [
        Found(finding("setup.key_unknown", key=key, choices=[*HEAD, *Section]), line, key)
        for key, line in root.lines.items()
        if key not in HEAD and key not in list(Section)
    ]
    return Document(
        cvr="".join(_text(root, "cvrNumber").split()),
        environment=_text(root, "environment"),
        sections={section: root.entries[section.value] for section in Section if section.value in root.entries},
        carry=carry if isinstance(carry, Entries) else None,
        findings=findings,
        lines=root.lines,
    )


def _text(root: Entries, key: str) -> str:
    node = root.entries.get(key)
    return node.value if isinstance(node, Text) else ""
