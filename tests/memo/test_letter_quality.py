"""What the contact structure says of letter types: on its quality report, and before a point is closed or deleted."""

import uuid

import pytest
from django.utils import timezone

from contacts import bulk, quality
from contacts.states import State
from tests.contacts.people import authority, owner, queries, url
from tests.factories import contacts, letters
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def report(org):
    found = quality.report(org, at=timezone.now())
    return {
        section.rule.code: ([one.obj.name for one in section.concerned], [one.text for one in section.referrers])
        for section in found.sections
        if section.rule.code.startswith("letters-")
    }


@pytest.fixture
def org():
    """An authority with a letter type for every way in which a contact point can be wrong, and one that is right."""
    made = authority()
    new = contacts.point("Ny", organisation=made)
    letters.letter_type("Rigtig", point=new)
    letters.letter_type("Til lukket", point=contacts.point("Lukket", organisation=made, active=False, visible=False))
    letters.letter_type("Til skjult", point=contacts.point("Skjult", organisation=made, visible=False))
    letters.letter_type("Til afløst", point=contacts.point("Afløst", organisation=made, replaced_by=new.pk))
    letters.letter_type("Til slettet", organisation=made, reply_point_id=uuid.uuid4(), reply_point_name="Slettet")
    return made


def test_the_quality_report_names_the_letter_types(org):
    assert report(org) == {
        "letters-to-deleted": ([], ["Til slettet henviser til Slettet"]),
        "letters-to-closed": (["Lukket"], ["Til lukket henviser til Lukket"]),
        "letters-to-replaced": (["Afløst"], ["Til afløst henviser til Afløst"]),
        "letters-to-hidden": (["Skjult"], ["Til skjult henviser til Skjult"]),
    }
    said = text(owner(org).get(url(org, "structure_quality")))
    assert "Brevtyper henviser til slettede kontaktpunkter 1" in said
    assert "Til slettet henviser til Slettet" in said
    rows = owner(org).get(url(org, "structure_quality", format="csv")).getvalue().decode()
    assert "Til slettet henviser til Slettet" in rows


def test_the_overview_tells_of_them_once(org):
    said = text(owner(org).get(url(org, "overview")))
    assert said.count("3 brevtyper henviser til kontaktpunkter, der mangler, er lukkede eller afløst.") == 1
    assert "Brevtyper henviser til" not in said


def test_other_authorities_letters_are_not_told_of(org):
    other = authority()
    contacts.point("Andet", organisation=other)
    assert report(other) == {}


def test_the_report_costs_the_same_whatever_their_number(org):
    client, page = owner(org), url(org, "structure_quality")
    few = queries(client, page)
    for number in range(5):
        letters.letter_type(organisation=org, reply_point_id=uuid.uuid4(), reply_point_name=f"Væk {number}")
    assert queries(client, page) == few


def test_before_a_contact_point_is_closed_or_deleted_the_letter_types_are_named(org):
    point = org.contact_points.get(name="Ny")
    client = owner(org)
    for page in ("point_state", "point_delete"):
        assert "Brevtypen Rigtig henviser til det." in text(client.get(url(org, page, point.pk)))
    lone = contacts.point("Uden breve", organisation=org)
    assert "Breve, der henviser til det" not in text(client.get(url(org, "point_state", lone.pk)))


def test_closing_several_names_them_too(org):
    point = org.contact_points.get(name="Ny")
    sent = {"punkt": str(point.pk), "act": "state", "step": "look", "state": State.CLOSED.value}
    assert "Brevtypen Rigtig henviser til det." in text(owner(org).post(url(org, "structure_bulk"), sent))
    assert bulk.look(organisation=org, ids=[point.pk], act=bulk.to_state(State.CLOSED)).changed == ["Ny"]
