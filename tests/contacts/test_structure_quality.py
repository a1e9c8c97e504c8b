"""The quality report."""

import pytest
from django.utils import timezone

from contacts import quality
from contacts.models import ContactPoint
from tests.contacts.people import READ, authority, owner, queries, statuses, url
from tests.factories import contacts, systems

pytestmark = pytest.mark.django_db


def broken(org):
    """The names that each broken rule concerns."""
    report = quality.report(org, at=timezone.now())
    return {section.rule.code: [one.name for one in section.objects] for section in report.sections}


def test_who_may_see_it():
    assert statuses(authority(), "structure_quality") == READ


def test_a_structure_in_order():
    org = authority()
    contacts.point("Pas", organisation=org)
    assert broken(org) == {}
    assert "Det ene kontaktpunkt er i orden." in owner(org).get(url(org, "structure_quality")).content.decode()


def test_every_rule():
    org = authority()
    serving, idle = org.systems.get(), systems.system(organisation=org)
    group = contacts.group("Borger", organisation=org)
    contacts.group("Borger", organisation=org)
    contacts.point("Idle", groups=[group], system=idle)
    contacts.point("Closed", groups=[group], system=serving, active=False)
    contacts.point("Nobody", groups=[group], system=serving, for_citizens=False)
    contacts.point("Placeholder", groups=[group], system=serving, description="Change me")
    contacts.point("Empty", groups=[group], system=serving, description="")
    contacts.point("Itself", groups=[group], system=serving, description="itself")
    contacts.point("Twin", groups=[group], system=serving)
    contacts.point("Twin", groups=[group, None], system=serving)
    contacts.point("No terms", groups=[group], system=serving, search_terms=())
    assert broken(org) == {
        "system": ["Idle"],
        "visible-but-closed": ["Closed"],
        "no-audience": ["Nobody"],
        "description": ["Empty", "Itself", "Placeholder"],
        "same-name": ["Twin", "Twin"],
        "same-group-name": ["Borger", "Borger"],
        "no-search-terms": ["No terms"],
    }


def test_same_name_at_the_top_level():
    org = authority()
    for _ in range(2):
        contacts.point("Twin", organisation=org, system=org.systems.get())
    assert broken(org) == {"same-name": ["Twin", "Twin"]}


def test_same_name_in_different_groups_is_no_fault():
    org = authority()
    for _ in range(2):
        contacts.point("Twin", groups=[contacts.group(organisation=org)], system=org.systems.get())
    assert broken(org) == {}


def test_what_is_hidden_needs_no_words():
    org = authority()
    contacts.point("A", organisation=org)
    contacts.point("B", organisation=org, visible=False, description="", search_terms=())
    assert broken(org) == {}


def test_that_nobody_can_write():
    org = authority()
    contacts.point(organisation=org, visible=False)
    assert "Ingen kan skrive til jer" in owner(org).get(url(org, "structure_quality")).content.decode()


def test_many_are_shortened_and_lead_to_the_list():
    org, system = authority(), None
    system = org.systems.get()
    for number in range(quality.SHOWN + 2):
        contacts.point(f"P{number}", organisation=org, system=system, search_terms=())
    client, page = owner(org), url(org, "structure_quality")
    text = client.get(page).content.decode()
    assert f'href="{url(org, "structure_list", problem="no-search-terms")}">Vis alle 22 i listen' in text
    assert queries(client, page) == 6


def test_the_overview_is_told():
    org = authority()
    contacts.point("A", organisation=org, search_terms=(), system=org.systems.get())
    (problem,) = quality.open_problems(org)
    assert str(problem.text) == "1 kontaktpunkt har ingen søgeord."
    assert problem.url == url(org, "structure_quality") + "#no-search-terms"
    ContactPoint.objects.update(visible=False)
    (problem,) = quality.open_problems(org)
    assert str(problem.text) == "Intet kontaktpunkt er åbent, så ingen kan skrive til jer."


def test_who_does_not_want_to_be_written_to_has_no_problems():
    org = authority(contactable=False)
    contacts.point(organisation=org, visible=False)
    assert quality.open_problems(org) == []
