"""Lines in which somebody writes which roles to give and take: pasted from a spreadsheet, or a CSV file.

A line is: act, who (e-mail address, name of a group, or CVR number), role, system, last day; the last two may be left
out. Cells are divided by tab, semicolon or comma, as spreadsheets divide them; a first line of headings is passed over.
"""

import csv
import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from adgang.lib.cvr import digits
from adgang.lib.exports import unguard
from adgang.lib.findings import Finding, finding
from adgang.lib.forms import parse_date
from organisations import groups, privileges
from organisations.bulk_grants import Addition
from organisations.dates import end_of
from organisations.grants import Wish, related
from organisations.models import Organisation, Privilege, UserGroup
from organisations.models.privilege import Grantee
from organisations.rights import PrivilegeType, Role, roles

GIVE, TAKE = frozenset({"giv", "give", "+"}), frozenset({"fjern", "remove", "-"})
HEADINGS = frozenset({"handling", "act"})
MOST_LINES = 200


@dataclass
class Line:
    """A line as it was understood: what it asks for, or what is wrong with it. `number` counts from 1."""

    number: int
    text: str
    addition: Addition | None = None
    removal: Privilege | None = None
    fault: Finding | None = None


@dataclass
class Reader:
    """Understands lines about one organisation; what it looks up it looks up once."""

    organisation: Organisation
    at: dt.datetime
    seen: set[uuid.UUID] = field(default_factory=set)

    @cached_property
    def people(self) -> dict[str, Grantee]:
        """The people who work here, by e-mail address."""
        return {person.email: person for person in groups.colleagues(self.organisation, at=self.at)}

    @cached_property
    def groups(self) -> dict[str, Grantee]:
        """The groups, by name."""
        return {one.name.casefold(): one for one in UserGroup.objects.filter(organisation=self.organisation)}

    @cached_property
    def systems(self) -> dict[str, uuid.UUID]:
        """The systems, by name."""
        return {name.casefold(): id_ for id_, name in privileges.systems_of(self.organisation).items()}

    @cached_property
    def held(self) -> list[Privilege]:
        """The roles that stand now."""
        return list(related().active(self.at).filter(scope=self.organisation, parent=None))

    def read(self, text: str) -> list[Line]:
        """Return every line that says something, up to one more than can be carried out."""
        return [self._line(number, cells) for number, cells in islice(_rows(text), MOST_LINES + 1)]

    def _line(self, number: int, cells: list[str]) -> Line:
        line = Line(number, " · ".join(filter(None, cells)))
        act, who, role, system, day = (*cells, *[""] * 5)[:5]
        found = self._understood(who, role, system, day)
        if act.casefold() not in GIVE | TAKE:
            line.fault = finding("bulk.act", value=act[:50])
        elif isinstance(found, Finding):
            line.fault = found
        elif act.casefold() in GIVE:
            line.addition = found
        else:
            line.removal = self._standing(found)
            line.fault = None if line.removal else finding("bulk.not_held")
        return line

    def _understood(self, who: str, role: str, system: str, day: str) -> Addition | Finding:
        grantee, type_ = self._grantee(who), role_of(role)
        system_id = self.systems.get(system.casefold())
        last_day = parse_date(day) if day else None
        if grantee is None:
            return finding("bulk.who", value=who[:200])
        if type_ is None:
            return finding("bulk.role", value=role[:100])
        if system and system_id is None:
            return finding("bulk.system", value=system[:100])
        if day and last_day is None:
            return finding("bulk.day", value=day[:50])
        until = end_of(last_day) if last_day else None
        wish = Wish(type=type_, system_id=system_id, active_to=until)
        return Addition(organisation=self.organisation, grantee=grantee, wish=wish)

    def _grantee(self, who: str) -> Grantee | None:
        if "@" in who:
            return self.people.get(who.lower())
        if cvr := digits(who):
            other = Organisation.objects.filter(cvr_number=cvr).first()
            if other is not None:
                return other
        return self.groups.get(who.casefold())

    def _standing(self, asked: Addition) -> Privilege | None:
        wish = asked.wish
        for one in self.held:
            same = (one.grantee, one.type, one.system_id) == (asked.grantee, str(wish.type), wish.system_id)
            if same and one.pk not in self.seen:
                self.seen.add(one.pk)
                return one
        return None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.lstrip("\ufeff").replace("\0", "").splitlines()
    for number, line in enumerate(lines, start=1):
        divider = next((one for one in "\t;," if one in line), ";")
        cells = [unguard(cell.strip()) for cell in next(csv.reader([line], delimiter=divider), [])]
        if any(cells) and cells[0].casefold() not in HEADINGS:
            yield number, cells


def role_of(text: str) -> PrivilegeType | None:
    """Return the role that is called so, in Danish, English or by its type; None for none of an organisation's."""
    called = text.casefold()
    own = ((type_, role) for type_, role in roles().items() if not role.installation)
    return next((type_ for type_, role in own if called in _names(type_, role)), None)


def _names(type_: PrivilegeType, role: Role) -> tuple[str, ...]:
    return role.danish.casefold(), role.english.casefold(), type_.casefold()
