"""The rows of a file of letter types, held against what the organisation has: what each would make of which.

A row with an ID changes that letter type; one without is the letter type of its name, and a new one where there is
none. A cell that says what stands there already is never judged, so that what was exported comes back without change.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import cached_property

from adgang.lib.snapshots import snapshot
from contacts.csv_columns import EXCEL_ERRORS, Column, Refused, uuid_of
from contacts.csv_rows import Findings
from contacts.drafts.coming import points_to_come
from contacts.models import ContactPoint, RecommendedAttribute
from contacts.sheets import Sheet
from contacts.texts import folded, one_line
from memo import letter_values
from memo.letter_columns import DELETE, HANDLING, ID, NAME, POINT, SYSTEM, cell
from memo.models import LetterType
from organisations.models import Organisation
from systems.models import System

Named = tuple[uuid.UUID, str]  # a contact point by its id and its name


@dataclass
class Row:
    """A row of the file: the letter type as it would be, as it stands (None: new), and whether it is to go."""

    number: int
    new: LetterType
    old: LetterType | None
    goes: bool = False


class RowReader:
    """Reads the rows of one file against what the organisation has: five queries at most, however many rows."""

    def __init__(self, organisation: Organisation, sheet: Sheet, findings: Findings) -> None:
        self.organisation, self.sheet, self.findings = organisation, sheet, findings
        types = LetterType.objects.filter(organisation=organisation).with_point().select_related("sender_system")
        self.types = {one.pk: one for one in types}
        self.by_name = {folded(one.name): one for one in self.types.values()}
        self.systems = _senders(organisation)

    @cached_property
    def points(self) -> dict[str, list[Named]]:
        """Every contact point by its name and its ids; those that drafts make, under names that no other bears."""
        there, to_come = defaultdict[str, list[Named]](list), defaultdict[str, list[Named]](list)
        points = ContactPoint.objects.filter(organisation=self.organisation)
        for pk, name, registry_id in points.values_list("pk", "name", "registry_id"):
            for known in {folded(name), str(pk), str(registry_id or pk)}:
                there[known].append((pk, name))
        for one in points_to_come(self.organisation):
            for known in (folded(one.name), str(one.id)):
                to_come[known].append((one.id, one.name))
        return to_come | there

    @cached_property
    def asked(self) -> dict[uuid.UUID, list[str]]:
        """What each contact point asks writers for, in order."""
        found: dict[uuid.UUID, list[str]] = {}
        rows = RecommendedAttribute.objects.filter(point__organisation=self.organisation).order_by("position")
        for point_id, name in rows.values_list("point_id", "name"):
            found.setdefault(point_id, []).append(name)
        return found

    def rows(self) -> list[Row]:
        """Return the rows that can be told apart; what is wrong with any of them is among the findings."""
        rows: list[Row] = []
        seen: dict[uuid.UUID, int] = {}
        for number, cells in self.sheet.rows:
            row = self._row(number, cells)
            if row is None:
                continue
            if row.old and (other := seen.setdefault(row.old.pk, number)) != number:
                self.findings.add(number, NAME, cells.get(NAME, ""), "letter.twice", other=other)
                continue
            rows.append(row)
        self._refuse_names(rows)
        return rows

    def _row(self, number: int, cells: dict[str, str]) -> Row | None:
        try:
            old = self._known(cells)
        except Refused as refused:
            self.findings.take(refused, number, ID, cells[ID])
            return None
        new = _copy(old) if old else _begun(self.organisation)
        row = Row(number, new, old, goes=self._goes(number, cells, old))
        if row.goes:
            return row
        for column in self.sheet.columns:
            text = cells.get(column.name, "")
            if column.name not in (ID, HANDLING) and not (old and text == cell(column, old)):
                self._fill(row, column, text)
        self._finish(row)
        return row

    def _known(self, cells: dict[str, str]) -> LetterType | None:
        """Return the letter type that a row is about. Raises `Refused`."""
        if id_ := uuid_of(cells.get(ID, "")):
            if id_ not in self.types:
                raise Refused("letter.id_unknown")
            return self.types[id_]
        return self.by_name.get(folded(one_line(cells.get(NAME, ""))))

    def _goes(self, number: int, cells: dict[str, str], old: LetterType | None) -> bool:
        word = cells.get(HANDLING, "").strip().casefold()
        if word and (word != DELETE or old is None):
            self.findings.add(number, HANDLING, cells[HANDLING], "letter.handling")
        return word == DELETE and old is not None

    def _fill(self, row: Row, column: Column, text: str) -> None:
        try:
            if text in EXCEL_ERRORS:
                raise Refused("excel.error", value=text)
            if column.name == POINT:
                self._point(row.new, one_line(text))
            elif column.name == SYSTEM:
                row.new.sender_system = self._system(one_line(text))
            elif column.read:
                for name, value in column.read(text).items():
                    setattr(row.new, name, value)
        except Refused as refused:
            self.findings.take(refused, row.number, column.name, text)

    def _system(self, text: str) -> System | None:
        if text and folded(text) not in self.systems:
            raise Refused("letter.system.unknown", value=text)
        return self.systems[folded(text)] if text else None

    def _point(self, new: LetterType, text: str) -> None:
        # The name that was kept is as good as the one that the contact point bears now.
        if text and new.reply_point_id and text in (new.reply_point_name, str(new.reply_point_id)):
            return
        found = self.points.get(folded(text), []) if text else []
        if text and len(found) != 1:
            raise Refused("letter.point.several" if found else "letter.point.unknown", value=text)
        _reply_to(new, found[0] if found else None)

    def _finish(self, row: Row) -> None:
        """See to what several columns decide together, as the form does."""
        new = row.new
        if not new.reply_allowed:
            _reply_to(new, None)
            new.reply_days = None
        if row.old is None and new.reply_point_id and not new.contact_info:
            new.contact_info = self.asked.get(new.reply_point_id, [])[: letter_values.MAX_CONTACT_INFO]
        if row.old and snapshot(row.old) == snapshot(new):
            return
        if new.mandatory and not self.organisation.mandatory_post_allowed:
            self.findings.add(row.number, "obligatorisk", "ja", "letter.not_allowed")
        if new.legal_notification and not self.organisation.legal_notification_allowed:
            self.findings.add(row.number, "forkyndelse", "ja", "letter.not_allowed")

    def _refuse_names(self, rows: list[Row]) -> None:
        """Name rows after which two letter types would bear one name."""
        stated = {row.new.pk for row in rows}
        taken = {name: one.pk for name, one in self.by_name.items() if one.pk not in stated}
        for row in rows:
            if row.goes or not row.new.name:
                continue
            if taken.setdefault(folded(row.new.name), row.new.pk) != row.new.pk:
                self.findings.add(row.number, NAME, row.new.name, "letter.name_taken")


def _senders(organisation: Organisation) -> dict[str, System]:
    systems = list(System.objects.filter(organisation=organisation, is_sender=True))
    found = {str(system.registry_id): system for system in systems if system.registry_id}
    found |= {folded(system.name): system for system in systems}
    return found | {str(system.pk): system for system in systems}


def _begun(organisation: Organisation) -> LetterType:
    """Return a new letter type that replies to nothing yet."""
    new = LetterType(organisation=organisation)
    _reply_to(new, None)
    return new


def _copy(old: LetterType) -> LetterType:
    """Return the letter type once more, with what is known of its contact point, to be changed."""
    new = LetterType(**{field.attname: getattr(old, field.attname) for field in LetterType._meta.concrete_fields})
    new.sender_system = old.sender_system
    vars(new)["point_name"] = vars(old)["point_name"]
    return new


def _reply_to(new: LetterType, point: Named | None) -> None:
    new.reply_point_id, new.reply_point_name = point or (None, "")
    vars(new)["point_name"] = new.reply_point_name or None
