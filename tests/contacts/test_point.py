"""A contact point's page."""

import uuid

import pytest

from contacts.models import ContactPoint
from contacts.values import Code, Mailbox
from tests.contacts.people import READ, authority, owner, queries, reader, statuses, url
from tests.factories import contacts, systems
from tests.factories.organisations import Role, client_for, user_with

pytestmark = pytest.mark.django_db


def text_of(org, point):
    return owner(org).get(url(org, "point", point.pk)).content.decode()


def test_who_may_see_it():
    org = authority()
    assert statuses(org, "point", contacts.point(organisation=org).pk) == READ


def test_a_vendor_sees_the_points_of_its_own_system_without_the_tree():
    org = authority()
    own, other = org.systems.get(), systems.system(organisation=org)
    mine, others = contacts.point("Mit", organisation=org, system=own), contacts.point(organisation=org, system=other)
    client = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=own.pk))
    response = client.get(url(org, "point", mine.pk))
    assert response.status_code == 200
    assert 'role="tree"' not in response.content.decode()
    assert client.get(url(org, "point", others.pk)).status_code == 404
    assert client.get(url(org, "structure")).status_code == 403
    assert client.get(url(org, "point_edit", mine.pk)).status_code == 403


def test_a_vendor_sees_neither_the_internal_note_nor_links_to_what_is_closed_to_it():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    own = org.systems.get()
    point = contacts.point("Pas", groups=[top], system=own, internal_description="Team 3")
    vendor = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=own.pk))
    page = url(org, "point", point.pk)
    # The event of the point's making tells of the note too.
    for client, shown in ((reader(org), True), (vendor, False)):
        text = client.get(page).content.decode()
        assert "Borger" in text
        assert ("Team 3" in text, url(org, "group", top.pk) in text) == (shown, shown)


def test_everything_that_is_registered():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    point = contacts.point(
        "Pas",
        groups=[top, None],
        system=org.systems.get(),
        for_companies=True,
        description="Om <pas>",
        internal_description="Team 3",
        search_terms=("rejse", "ferie"),
        codes=(Code(type="CUSTOM", code="B12", type_name="Afdeling", name="Nord", code_version="2"),),
        recommended_attributes=("Sagsnummer",),
        translations=(Mailbox(12, 34),),
        report_link_label="Selvbetjening",
        report_link_url="https://example.dk/",
        report_link_text="Søg her",
        memo_size_threshold_mb="12.50",
        allowed_number_of_attachments=0,
    )
    text = text_of(org, point)
    for said in (
        "Borgere, Virksomheder",
        "Postsystem",
        "Om &lt;pas&gt;",
        "Team 3",
        "rejse, ferie",
        "Afdeling",
        "Nord (2)",
        "Sagsnummer",
        "12/34",
        '<a href="https://example.dk/" rel="noopener noreferrer">Søg her</a>',
        "12,5 MB",
    ):
        assert said in text, said


def test_a_reader_is_offered_no_changes():
    org = authority()
    text = reader(org).get(url(org, "point", contacts.point(organisation=org).pk)).content.decode()
    assert "/ret/" not in text
    assert "/slet/" not in text
    assert 'name="direction"' not in text


def test_what_is_wrong_is_said_first():
    org = authority()
    point = contacts.point(organisation=org, system=systems.system(organisation=org), active=False)
    text = text_of(org, point)
    assert "Åbn det, eller skjul det." in text
    assert "Modtagersystemet er ikke i drift" in text


def test_the_memo_part_carries_the_id_in_digital_post_and_only_that():
    org = authority()
    point = contacts.point("Køb & salg", organisation=org)
    assert "contactPointID" not in text_of(org, point)
    registry_id = uuid.uuid4()
    ContactPoint.objects.update(registry_id=registry_id)
    text = text_of(org, point)
    assert "ID i Digital Post – TEST" in text
    assert f"&lt;memo:contactPointID&gt;{registry_id}&lt;/memo:contactPointID&gt;" in text
    assert "&lt;memo:label&gt;Køb &amp;amp; salg&lt;/memo:label&gt;" in text


def test_production_is_not_to_be_confused_with_test(settings):
    settings.ADGANG_ENVIRONMENT = "production"
    org = authority()
    assert "ID i Digital Post – PRODUKTION" in text_of(org, contacts.point(organisation=org, registry_id=uuid.uuid4()))


def test_the_successor_is_a_link_or_said_to_be_gone():
    org = authority()
    new = contacts.point("Ny", organisation=org)
    old = contacts.point("Gammel", organisation=org, replaced_by=new.pk)
    assert f'<a href="{url(org, "point", new.pk)}">Ny</a>' in text_of(org, old)
    new.delete()
    assert "(slettet)" in text_of(org, old)


@pytest.mark.parametrize("size", [1, 30])
def test_queries(size):
    org = authority()
    group = contacts.group(organisation=org)
    points = [contacts.point(groups=[group, None], system=org.systems.get()) for _ in range(size)]
    assert queries(owner(org), url(org, "point", points[0].pk)) == 18
