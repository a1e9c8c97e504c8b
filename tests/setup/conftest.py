"""An authority with something of everything, and its set-up file to be edited."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone

from adgang.setup import applying, documents, planning
from adgang.setup.planning import Plan
from contacts.models import ContactGroup, ContactPoint
from contacts.values import Code, Mailbox
from memo.models import LetterType
from organisations.callers import Caller
from organisations.models import Organisation
from systems.models import System
from systems.protocols import Protocol
from tests.factories import contacts, letters, organisations, systems

CALLER = Caller.command("test")


@dataclass
class Authority:
    """An authority; `plan` and `apply` hold a file against it, by default the one that was just exported."""

    organisation: Organisation
    caller: Caller = CALLER

    @property
    def text(self) -> str:
        """The set-up as it stands."""
        return documents.export(self.organisation)

    def edited(self, *changes: tuple[str, str]) -> str:
        """Return the file with some of its texts replaced, each of which stands in it."""
        text = self.text
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return text

    def plan(self, text: str) -> Plan:
        """Return what a file would do."""
        return planning.plan(self.organisation, text.encode(), at=timezone.now())

    def apply(self, text: str, **how: str) -> Plan:
        """Carry out a file."""
        return applying.apply(caller=self.caller, organisation=self.organisation, content=text.encode(), **how)

    def system(self, name: str) -> System:
        """Return a system by its name."""
        return System.objects.get(organisation=self.organisation, name=name)

    def point(self, name: str) -> ContactPoint:
        """Return a point by its name."""
        return ContactPoint.objects.get(organisation=self.organisation, name=name)


def furnish(organisation: Organisation) -> None:
    """Give an organisation systems, a structure with a point in two places, and letter types."""
    post = systems.system(
        organisation=organisation,
        name="Post",
        is_recipient=True,
        is_default_recipient=True,
        endpoint="post@prøve.example".replace("ø", "oe"),
        technical_contact_name="Tina Teknisk",
        networks=("192.0.2.0/28", "192.0.2.77"),
    )
    sender = systems.system(
        organisation=organisation,
        name="Breve",
        protocol=Protocol.SFTP,
        is_sender=True,
        ssh_username="breve-1234abcd",
        sftp_host="sftp.proeve.example",
    )
    borger = contacts.group("Borger", organisation=organisation, description="For borgere.\n\nOg andre.")
    ydelser = contacts.group("Ydelser", parent=borger, postkasse_ids=(12, 13))
    erhverv = contacts.group("Erhverv", organisation=organisation, organisational_unit=True)
    bolig = contacts.point(
        "Boligstøtte",
        groups=[ydelser, erhverv],
        system=post,
        for_companies=True,
        codes=(Code(type="KLE", code="32.03.02"), Code(type="CUSTOM", code="a|b", type_name="Afdeling: 1")),
        recommended_attributes=("Sagsnummer",),
        translations=(Mailbox(1, 2),),
        report_link_label="Selvbetjening",
        report_link_url="https://www.proeve.example/bolig?a=1",
        memo_size_threshold_mb="12.50",
        allowed_number_of_attachments=0,
    )
    contacts.point("Lukket", groups=[ydelser], system=post, active=False, visible=False, replaced_by=bolig.pk)
    contacts.point("Hovedpostkasse", organisation=organisation, system=post, internal_description="nej")
    letters.letter_type("Afgørelse", point=bolig, sender_system=sender, reply_days=14, codes=["KLE:32.03.02"])
    letters.letter_type("Orientering", organisation=organisation, reply_allowed=False)


def wipe(organisation: Organisation) -> None:
    """Delete the whole set-up of an organisation."""
    LetterType.objects.filter(organisation=organisation).delete()
    ContactPoint.objects.filter(organisation=organisation).delete()
    while ContactGroup.objects.filter(organisation=organisation).exists():
        ContactGroup.objects.filter(organisation=organisation, children=None).delete()
    System.objects.filter(organisation=organisation).delete()


@pytest.fixture
def authority() -> Authority:
    """Return an authority that is set up."""
    made = Authority(organisations.organisation(name="Prøveby Kommune"))
    furnish(made.organisation)
    return made


@pytest.fixture
def empty() -> Callable[..., Authority]:
    """Return a function that makes an authority without anything."""
    return lambda **fields: Authority(organisations.organisation(**fields))
