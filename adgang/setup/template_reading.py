"""The standard systems that a set-up file asks for, held against those there are."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from adgang.lib.findings import finding
from adgang.setup.carrying import Rules
from adgang.setup.keys import flat
from adgang.setup.nodes import Entries, Found, Items, Node, Text
from adgang.setup.system_keys import CONTROL, text_of, texts_of, time_of
from adgang.setup.template_keys import EDITIONS, FIELD_OF, KEY_OF, RETIRED, TO_FILL, USED, kept, read_key, told, told_of
from adgang.setup.wanted_templates import Templates, WantedEdition, WantedTemplate, stored
from contacts.csv_columns import Refused, uuid_of, whole_number
from contacts.texts import folded, one_line
from organisations.models import Organisation
from systems.models import SystemTemplate
from systems.standard import values

OF_EDITION = {**dict.fromkeys(USED), **dict.fromkeys((TO_FILL, "edition", "published", "note"))}
OF_TEMPLATE = dict.fromkeys((*USED, TO_FILL, EDITIONS, RETIRED, "standardSystem", "id", "description"))
LONGEST = {"standardSystem": 100, "description": 2000, "note": 500}
OF_LINES = frozenset({"description", "note"})
MOST_EDITIONS = 10_000


def read(
    section: Node, organisation: Organisation, findings: list[Found], *, at: dt.datetime, rules: Rules
) -> Templates:
    """Return what the section asks for; everything that is wrong with it is added to the findings."""
    return _Reader(organisation, findings, at, rules).run(section)


class _Reader:
    def __init__(self, organisation: Organisation, findings: list[Found], at: dt.datetime, rules: Rules) -> None:
        self.organisation, self.findings, self.at, self.rules = organisation, findings, at, rules
        self.stored = stored(organisation)

    def note(self, line: int | None, where: str, code: str, /, **params: Any) -> None:
        self.findings.append(Found(finding(code, **params), line, where))

    def run(self, section: Node) -> Templates:
        entries = self.entries(section)
        ids = [self.id_of(entry) for entry in entries]
        known = self.known(entries, ids)
        wanted = [self.make(entry, known.get(index), ids[index]) for index, entry in enumerate(entries)]
        taken = {one.old.pk for one in wanted if one.old}
        found = Templates(wanted, [one for one in self.stored if one.pk not in taken])
        self.refuse(found)
        return found

    def entries(self, section: Node) -> list[Entries]:
        if isinstance(section, Text) and section.is_nothing:
            return []
        if not isinstance(section, Items):
            self.note(section.line, "standardSystems", "setup.list_wanted")
            return []
        found = []
        for item in section.items:
            if isinstance(item, Entries) and isinstance(item.entries.get("standardSystem"), Text):
                found.append(item)
            else:
                self.note(item.line, "standardSystem", "setup.template_what")
        return found

    def known(self, entries: list[Entries], ids: list[uuid.UUID | None]) -> dict[int, SystemTemplate]:
        """Return the standard system that each entry is about, by the entry's number: by id, else by name."""
        by_id = {one.pk: one for one in self.stored}
        found: dict[int, SystemTemplate] = {}
        for index, pk in enumerate(ids):
            if pk is not None and pk in by_id:
                found[index] = by_id.pop(pk)
        by_name = {folded(one.name): one for one in by_id.values()}
        for index, entry in enumerate(entries):
            if index not in found and (one := by_name.pop(folded(self.text(entry, "standardSystem")), None)):
                found[index] = one
        return found

    def id_of(self, entry: Entries) -> uuid.UUID | None:
        try:
            pk = uuid_of(text_of(entry.entries["id"])) if "id" in entry.entries else None
        except Refused as refused:
            self.findings.append(Found(refused.finding, entry.lines["id"], "id"))
            return None
        return self.rules.ids.get(pk) if self.rules.is_given and pk is not None else pk

    def text(self, entry: Entries, key: str) -> str:
        node = entry.entries.get(key)
        if node is None:
            return ""
        if not isinstance(node, Text):
            self.note(node.line, key, "setup.text_wanted")
            return ""
        text, is_long = "" if node.is_nothing else node.value.strip(), key in OF_LINES
        if CONTROL.search(re.sub(r"[\r\n]", "", text) if is_long else text):
            self.note(node.line, key, "value.control")
        if len(text) > LONGEST[key]:
            self.note(node.line, key, "value.long", limit=LONGEST[key])
        return text if is_long else one_line(text)

    # --- One of them ---

    def make(self, entry: Entries, old: SystemTemplate | None, pk: uuid.UUID | None) -> WantedTemplate:
        new = SystemTemplate(organisation=self.organisation)
        if old is not None:
            new.pk, new.version, new.created = old.pk, old.version, old.created
            new.edition, new.published = old.edition, old.published
        elif pk is not None:
            new.pk = pk
            if SystemTemplate.objects.filter(pk=pk).exists():
                self.note(entry.line, "id", "setup.id_taken", value=str(pk))
        new.name, new.description = self.text(entry, "standardSystem"), self.text(entry, "description")
        said = self.said(entry, OF_TEMPLATE)
        new.values, new.to_fill, new.retired = said.values, said.to_fill, said.times.get(RETIRED)
        before = told_of(old) if old else {}
        one = WantedTemplate(entry.line, new, old, before, told_of(new), self.editions(entry, old))
        if one.editions:
            newest = one.editions[-1]
            new.edition, new.published = newest.number, newest.published or self.at
        if one.is_changed:
            self.check(one)
        return one

    def said(self, entry: Entries, known: dict[str, Any]) -> "_Said":
        read: dict[str, Any] = {}
        said = _Said()
        for name, node, line in flat(entry, known, self.findings):
            try:
                if name in USED:
                    read[name] = read_key(name, node)
                elif name == TO_FILL:
                    said.to_fill = [self.field(key) for key in texts_of(node)]
                elif name in (RETIRED, "published"):
                    said.times[name] = time_of(node)
            except Refused as refused:
                self.findings.append(Found(refused.finding, line, name))
        if read.get("serviceProtocol"):
            said.values = kept(read)
            order = list(KEY_OF)
            said.to_fill.sort(key=order.index)
        elif "serviceProtocol" not in entry.entries:
            self.note(entry.line, "serviceProtocol", "setup.template_protocol")
        return said

    @staticmethod
    def field(key: str) -> str:
        if key not in FIELD_OF:
            raise Refused("setup.choice", value=key, choices=sorted(FIELD_OF))
        return FIELD_OF[key]

    def check(self, one: WantedTemplate) -> None:
        if not one.new.values:
            return
        if one.old and one.old.retired:
            self.note(one.line, RETIRED, "template.is_retired", name=one.old.name)
        elif one.old and one.old.edition and one.old.values["service_protocol"] != one.new.values["service_protocol"]:
            self.note(one.line, "serviceProtocol", "template.protocol_fixed", name=one.old.name)
        try:
            values.check(one.new)
        except ValidationError as error:
            for field, texts in error.message_dict.items():
                key = TO_FILL if field == "to_fill" else KEY_OF.get(field, field)
                self.note(one.line, key, "setup.template_value", name=one.new.name, why=" ".join(texts))

    # --- Editions ---

    def editions(self, entry: Entries, old: SystemTemplate | None) -> list[WantedEdition]:
        """Return the editions that are to be published: those there are stay as they are, for they were read."""
        listed = self.listed(entry)
        there = {one.number: one for one in old.editions.all()} if old else {}
        numbers = [one.number for one in listed]
        if numbers != list(range(1, max([*numbers, *there, 0]) + 1)):
            line = entry.lines.get(EDITIONS, entry.line)
            self.note(line, EDITIONS, "setup.editions_in_order", name=self.text(entry, "standardSystem"))
            return []
        for one in listed:
            same = there.get(one.number)
            if same and (told(same.values, same.to_fill), same.note) != (one.told, one.note):
                self.note(one.line, "edition", "setup.edition_fixed", number=one.number)
        return [one for one in listed if one.number not in there]

    def listed(self, entry: Entries) -> list[WantedEdition]:
        node = entry.entries.get(EDITIONS)
        if node is None or (isinstance(node, Text) and node.is_nothing):
            return []
        if not isinstance(node, Items):
            self.note(node.line, EDITIONS, "setup.list_wanted")
            return []
        return [one for item in node.items if (one := self.edition(item))]

    def edition(self, item: Node) -> WantedEdition | None:
        if not isinstance(item, Entries) or "edition" not in item.entries:
            self.note(item.line, EDITIONS, "setup.edition_what")
            return None
        try:
            number = whole_number(text_of(item.entries["edition"]), MOST_EDITIONS)
        except Refused as refused:
            self.findings.append(Found(refused.finding, item.line, "edition"))
            return None
        said = self.said(item, OF_EDITION)
        again = told(said.values, said.to_fill) if said.values else {}
        note = self.text(item, "note")
        return WantedEdition(item.line, number, said.times.get("published"), note, said.values, said.to_fill, again)

    # --- What must not happen ---

    def refuse(self, found: Templates) -> None:
        names: dict[str, int] = {}
        for one in found.wanted:
            first = names.setdefault(one.new.name.lower(), one.line)
            if first != one.line:
                self.note(one.line, "standardSystem", "setup.template_twice", name=one.new.name, first=first)
        for gone in found.gone:
            if gone.edition:
                self.note(None, "standardSystems", "template.published_already", name=gone.name)


@dataclass
class _Said:
    """What an entry says, understood."""

    values: dict[str, Any] = field(default_factory=dict)
    to_fill: list[str] = field(default_factory=list)
    times: dict[str, dt.datetime | None] = field(default_factory=dict)
