"""The systems that a set-up file asks for, held against those there are; what the file leaves out is to go."""

import datetime as dt
import uuid
from collections.abc import Iterable
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.base import ModelState

from adgang.lib.findings import finding
from adgang.setup import carrying
from adgang.setup.carrying import Rules
from adgang.setup.keys import flat
from adgang.setup.nodes import Entries, Found, Items, Node, Text
from adgang.setup.system_keys import KEYS, ON_FILE, Stated, text_of
from adgang.setup.template_offers import Offers
from adgang.setup.wanted_systems import Systems, WantedSystem, changed, stored
from certificates.models import Certificate, SshKey
from contacts.csv_columns import Refused, uuid_of
from contacts.texts import folded, one_line
from organisations.models import Organisation
from systems import lifecycle
from systems import rules as of_systems
from systems.models import System, TemplateUse
from systems.protocols import NEEDS
from systems.states import COMMITTED, state_between

FINGERPRINTS = {"certificate": "certificate", "next_certificate": "nextCertificate.sha256"} | {
    "ssh_key": "ssh.key",
    "next_ssh_key": "ssh.nextKey",
}


def read(
    section: Node, organisation: Organisation, findings: list[Found], *, at: dt.datetime, rules: Rules, offers: Offers
) -> Systems:
    """Return what the section asks for; everything that is wrong with it is added to the findings."""
    return _Reader(organisation, findings, at, rules, offers).run(section)


class _Reader:
    def __init__(
        self, organisation: Organisation, findings: list[Found], at: dt.datetime, rules: Rules, offers: Offers
    ) -> None:
        self.organisation, self.findings, self.at, self.rules = organisation, findings, at, rules
        self.offers = offers
        self.systems, self.networks = stored(organisation)
        self.credentials = _Credentials(organisation)
        self.ids: dict[uuid.UUID, uuid.UUID] = {}

    def note(self, line: int, where: str, code: str, /, **params: Any) -> None:
        self.findings.append(Found(finding(code, **params), line, where))

    def run(self, section: Node) -> Systems:
        entries = self.entries(section)
        known = self.known(entries)
        wanted = [self.make(entry, known.get(index)) for index, entry in enumerate(entries)]
        taken = {one.old.pk for one in wanted if one.old}
        found = Systems(wanted, [system for system in self.systems if system.pk not in taken], self.ids)
        self.check(found)
        return found

    def entries(self, section: Node) -> list[Entries]:
        if isinstance(section, Text) and section.is_nothing:
            return []
        if not isinstance(section, Items):
            self.note(section.line, "systems", "setup.list_wanted")
            return []
        found = []
        for item in section.items:
            if isinstance(item, Entries) and isinstance(item.entries.get("system"), Text):
                found.append(item)
            else:
                self.note(item.line, "system", "setup.system_what")
        return found

    def known(self, entries: list[Entries]) -> dict[int, System]:
        """Return the system that each entry is about, by the entry's number: by id, else by name."""
        by_id = {system.pk: system for system in self.systems}
        found: dict[int, System] = {}
        for index, entry in enumerate(entries):
            pk = self.here(self.id_of(entry))
            if pk is not None and pk in by_id:
                found[index] = by_id.pop(pk)
        by_name = {folded(system.name): system for system in by_id.values()}
        for index, entry in enumerate(entries):
            if index not in found and (system := by_name.pop(folded(_name(entry)), None)):
                found[index] = system
        return found

    def here(self, pk: uuid.UUID | None) -> uuid.UUID | None:
        """Return what an id of the file is here; None when it means nothing."""
        return self.rules.ids.get(pk) if self.rules.is_given and pk is not None else pk

    def id_of(self, entry: Entries) -> uuid.UUID | None:
        node = entry.entries.get("id")
        try:
            return uuid_of(text_of(node)) if node is not None else None
        except Refused as refused:
            self.findings.append(Found(refused.finding, entry.lines["id"], "id"))
            return None

    def make(self, entry: Entries, old: System | None) -> WantedSystem:
        new = _copy(old) if old else System(organisation=self.organisation)
        pk = self.id_of(entry)
        if old is None and (here := self.here(pk)) is not None:
            new.pk = here
            if System.objects.filter(pk=here).exists():
                self.note(entry.line, "id", "setup.id_taken", value=str(here))
        if pk is not None:
            self.ids[pk] = new.pk
        stated = self.state(entry, new)
        networks = self.networks.get(old.pk, []) if old else []
        return WantedSystem(entry.line, new, stated.networks, old, networks)

    def state(self, entry: Entries, new: System) -> Stated:
        """Set everything that the entry says, and what it leaves out to what that means."""
        stated = Stated(new, [], {})
        new.name = _name(entry)
        values = {name: key.empty for name, key in KEYS.items()}
        known = {**KEYS, "system": None, "id": None}
        for name, node, line in flat(entry, known, self.findings):
            if name not in KEYS:
                continue
            try:
                values[name] = KEYS[name].read(node)
            except Refused as refused:
                self.findings.append(Found(refused.finding, line, name))
        left = self.left_alone()
        for name, value in values.items():
            if name not in left:
                KEYS[name].fill(stated, value)
        self.attach(entry, stated)
        self.derive(entry, stated)
        return stated

    def left_alone(self) -> frozenset[str]:
        """Return the keys about which a carried file says nothing: they belong to where it comes from."""
        if not self.rules.is_given:
            return frozenset()
        return frozenset((*carrying.ALWAYS_LEFT, *(carrying.SERVICE if self.rules.service == carrying.LEAVE else ())))

    def attach(self, entry: Entries, stated: Stated) -> None:
        """Give the system the credentials of those fingerprints; one that is not there leaves it as it was."""
        system = stated.system
        for name, fingerprint in stated.credentials.items():
            now = getattr(system, name)
            if not fingerprint and self.rules.is_given:
                continue
            found = self.credentials.find(name, fingerprint) if fingerprint else None
            if fingerprint and found is None:
                key = FINGERPRINTS[name]
                self.note(entry.line, key, "setup.credential_unknown", name=system.name, value=fingerprint)
                found = now
            setattr(system, name, found)
        if system.next_certificate is None or system.next_certificate_from is None:
            system.next_certificate = system.next_certificate_from = None
        if system.next_ssh_key is None or system.ssh_key is None:
            system.next_ssh_key = system.ssh_key_until = None

    def derive(self, entry: Entries, stated: Stated) -> None:
        """Say from which standard system the system was made; one that is not offered here leaves it as it was."""
        system, name, cvr, number = (
            stated.system,
            *(stated.template.get(part, "") for part in ("name", "cvr", "edition")),
        )
        if not name:
            if not self.rules.is_given:
                system._state.fields_cache["template_use"] = None
            return
        template = self.offers.find(cvr, name)
        if template is None or not number.isdecimal() or not 1 <= int(number[:9]) <= template.edition:
            self.note(entry.line, "standardSystemTemplate", "setup.template_unknown", name=name, edition=number or "–")
            return
        use = TemplateUse(template=template, edition=int(number))
        system._state.fields_cache["template_use"] = use

    def check(self, found: Systems) -> None:
        self.refuse_twins(found.wanted)
        for one in found.wanted:
            if one.old is None or changed(one):
                self.refuse_values(one)
                self.refuse_service(one)

    def refuse_twins(self, wanted: Iterable[WantedSystem]) -> None:
        names: dict[str, int] = {}
        defaults: list[WantedSystem] = []
        for one in wanted:
            first = names.setdefault(folded(one.new.name), one.line)
            if first != one.line:
                self.note(one.line, "system", "setup.system_twice", name=one.new.name, first=first)
            if one.new.is_default_recipient:
                defaults.append(one)
        for one in defaults[1:]:
            self.note(one.line, "systemTypes", "setup.default_twice", name=defaults[0].new.name)

    def refuse_values(self, one: WantedSystem) -> None:
        faults: list[tuple[str, str]] = []
        try:
            one.new.clean_fields(exclude=["organisation"])
        except ValidationError as error:
            faults += [(name, " ".join(texts)) for name, texts in error.message_dict.items()]
        # Names are held against those of the file itself: two systems may well swap theirs.
        found = of_systems.faults(one.new, at=self.at, before=one.old)
        faults += [(name, str(text)) for name, text in found if text is not of_systems.NAME_TAKEN]
        for name, why in dict(reversed(faults)).items():
            self.note(one.line, ON_FILE.get(name, name), "setup.system_value", name=one.new.name, why=why)

    def refuse_service(self, one: WantedSystem) -> None:
        """A system goes into service, and changes its credentials there, only with what its protocol needs."""
        new, old = one.new, one.old
        if new.active_to is not None and (new.active_from is None or new.active_to <= new.active_from):
            self.note(one.line, "activeTo", "setup.ends_before", name=new.name)
            return
        state = state_between(new.active_from, new.active_to, self.at)
        if state not in COMMITTED or new.service_protocol not in NEEDS:
            return
        begins = max(self.at, new.active_from) if new.active_from else self.at
        was = state_between(old.active_from, old.active_to, self.at) if old else None
        if was in COMMITTED and old is not None and _needs_the_same(old, new):
            return
        lacking = lifecycle.lacking(new, at=begins)
        if lacking and old is None:
            # What it needs may be no matter of files: a token is shown once, a certificate expires.
            why = " ".join(found.message for found in lacking)
            self.note(one.line, "activeFrom", "setup.not_in_service", name=new.name, why=why)
            new.active_from = new.active_to = None
            return
        self.findings += [Found(found, one.line, "activeFrom") for found in lacking]
        if was not in COMMITTED:
            one.doubts = lifecycle.doubts(new)
            self.findings += [Found(found.softened(), one.line, "activeFrom") for found in one.doubts]


def _needs_the_same(old: System, new: System) -> bool:
    names = ("service_protocol", "delegated_cvr", "certificate_id", "ssh_key_id", "is_sender", "is_recipient")
    return all(getattr(old, name) == getattr(new, name) for name in names)


def _name(entry: Entries) -> str:
    node = entry.entries["system"]
    return one_line(node.value) if isinstance(node, Text) else ""


def _copy(old: System) -> System:
    """Return the stored system once more, to be changed, with what is known of it."""
    made = copy(old)
    made._state = ModelState()
    made._state.adding, made._state.db = False, old._state.db
    made._state.fields_cache = dict(old._state.fields_cache)
    return made


class _Credentials:
    """The organisation's certificates and keys, read when the first is asked for."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.found: dict[tuple[str, str], Certificate | SshKey] = {}
        self.is_read = False

    def find(self, field: str, fingerprint: str) -> Certificate | SshKey | None:
        """Return the newest registration of a fingerprint; None when there is none."""
        if not self.is_read:
            self.read()
        return self.found.get((field.removeprefix("next_"), fingerprint))

    def read(self) -> None:
        self.is_read = True
        for certificate in Certificate.objects.filter(organisation=self.organisation, user=None).order_by("uploaded"):
            certificate.organisation = self.organisation
            self.found["certificate", certificate.sha256] = certificate
        for key in SshKey.objects.filter(organisation=self.organisation).order_by("uploaded"):
            self.found["ssh_key", key.fingerprint] = key
