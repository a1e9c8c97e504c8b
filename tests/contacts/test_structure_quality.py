"""The quality report, and marking what was reviewed."""

import datetime as dt

import pytest
from django.utils import timezone

from contacts import quality, responsible
from contacts.models import ContactPoint, ListedCode
from contacts.values import Code
from organisations.models import Event
from tests.contacts.people import CHANGE, READ, authority, last_event, owner, queries, reader, statuses, url
from tests.factories import contacts, systems
from tests.factories.organisations import Role, user_with

pytestmark = pytest.mark.django_db


def broken(org):
    """The names that each broken rule concerns."""
    report = quality.report(org, at=timezone.now())
    return {section.rule.code: [one.obj.name for one in section.concerned] for section in report.sections}


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
    contacts.point("X" * 61, groups=[group], system=serving)
    contacts.point(
        "Link", groups=[group], system=serving, report_link_url="http://example.dk", report_link_label="Ansøg"
    )
    contacts.point("No link", groups=[group], system=serving, report_link_text="Ansøg")
    contacts.point("Asks", groups=[group], system=serving, recommended_attributes=("A", "B", "C"))
    contacts.point("Old code", groups=[group], system=serving, codes=(Code(type="KLE", code="90.01.04 G01"),))
    ListedCode.objects.create(type="KLE", code="90.01.04", name="Væk", listed=False, search_text="")
    assert broken(org) == {
        "system": ["Idle"],
        "visible-but-closed": ["Closed"],
        "no-audience": ["Nobody"],
        "description": ["Empty", "Itself", "Placeholder"],
        "same-name": ["Twin", "Twin"],
        "same-group-name": ["Borger", "Borger"],
        "no-search-terms": ["No terms"],
        "dead-link": ["Link", "No link"],
        "asks-too-much": ["Asks"],
        "obsolete-code": ["Old code"],
        "empty-group": ["Borger"],
        "long-name": ["X" * 61],
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
    assert queries(client, page) == 10


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


def test_a_group_is_empty_when_nobody_finds_anything_in_its_whole_branch():
    org = authority()
    system = org.systems.get()
    top, hidden = contacts.group("Top", organisation=org), contacts.group("Hidden", organisation=org)
    contacts.point("Deep", groups=[contacts.group("Below", parent=top)], system=system)
    contacts.group("Empty below", parent=top)
    contacts.point("Not seen", groups=[contacts.group("Hidden below", parent=hidden)], system=system, visible=False)
    assert broken(org)["empty-group"] == ["Empty below", "Hidden"]


def test_a_term_that_many_share_tells_nothing_apart():
    org = authority()
    for number in range(21):
        contacts.point(f"P{number}", organisation=org, system=org.systems.get(), search_terms=("hjælp", f"t{number}"))
    assert len(broken(org)["common-term"]) == 20
    assert quality.counts(org, at=timezone.now())["common-term"] == 21
    ContactPoint.objects.filter(name="P0").update(visible=False)
    assert "common-term" not in broken(org)


def test_every_object_tells_where_it_stands_and_how_it_is_cured():
    org = authority()
    group = contacts.group("Borger", organisation=org)
    point = contacts.point("Pas", groups=[group], search_terms=(), system=org.systems.get())
    text = owner(org).get(url(org, "structure_quality")).content.decode()
    assert '<span class="muted">Borger</span>' in text
    assert f'href="{url(org, "point_edit", point.pk)}">Ret' in text
    assert url(org, "point_edit", point.pk) not in reader(org).get(url(org, "structure_quality")).content.decode()


def test_only_one_weight():
    org = authority()
    contacts.point("Pas", organisation=org, search_terms=(), description="", system=org.systems.get())
    text = owner(org).get(url(org, "structure_quality", alvor="WARNING")).content.decode()
    assert 'id="description"' in text
    assert 'id="no-search-terms"' not in text
    assert "Intet af denne alvor." in owner(org).get(url(org, "structure_quality", alvor="ERROR")).content.decode()


def test_the_whole_report_as_a_file():
    org = authority()
    group = contacts.group("Borger", organisation=org)
    contacts.point("Pas", groups=[group, None], search_terms=(), system=org.systems.get())
    answer = owner(org).get(url(org, "structure_quality", format="csv"))
    header, row = b"".join(answer).decode("utf-8-sig").splitlines()
    assert header.startswith("Alvor;Hvad er galt")
    assert row.startswith("Oplysninger;Ingen søgeord;")
    assert ";Pas;Borger | Øverste niveau;" in row
    assert last_event(org)[2]["list"] == "kvalitetsrapport"


def test_groups_with_a_problem_are_listed_too():
    org = authority()
    contacts.group("Tom", organisation=org)
    contacts.point("Pas", groups=[contacts.group("Fuld", organisation=org)], system=org.systems.get())
    text = owner(org).get(url(org, "structure_groups", problem="empty-group")).content.decode()
    assert ">Tom</a>" in text
    assert ">Fuld</a>" not in text


# --- point_reviewed, group_reviewed ---


def old(org, *names):
    """Points that nobody has looked at for long."""
    made = [contacts.point(name, organisation=org, system=org.systems.get()) for name in names]
    ContactPoint.objects.update(created=timezone.now() - dt.timedelta(days=400))
    return made


def test_who_may_mark_a_point_or_a_branch():
    org = authority()
    point, group = contacts.point(organisation=org), contacts.group(organisation=org)
    assert statuses(org, "point_reviewed", point.pk, method="post") == CHANGE | {"owner": 302}
    assert statuses(org, "group_reviewed", group.pk, method="post") == CHANGE | {"owner": 302}
    assert statuses(org, "group_reviewed", group.pk) == CHANGE


def test_a_point_that_was_reviewed_is_not_asked_for_again_until_a_year_later():
    org = authority()
    (point, _other) = old(org, "A", "B")
    assert broken(org) == {"not-reviewed": ["A", "B"]}
    back = f"{url(org, 'structure_quality')}#not-reviewed"
    answer = owner(org).post(url(org, "point_reviewed", point.pk), {"tilbage": back})
    assert answer["Location"] == back
    assert broken(org) == {"not-reviewed": ["B"]}
    point.refresh_from_db()
    assert (point.version, point.reviewed_by is not None) == (1, True)
    tag, before, after = last_event(org)
    assert (tag, before["reviewed"], after["reviewed"][:4]) == ("CONTACTS_REVIEWED", None, str(timezone.now().year))
    page = owner(org).get(url(org, "point", point.pk)).content.decode()
    assert point.reviewed_by.name in page


def test_the_way_back_leads_nowhere_else():
    org = authority()
    point = contacts.point(organisation=org)
    for hostile in ("https://example.org/", "//example.org/", "/\\example.org"):
        answer = owner(org).post(url(org, "point_reviewed", point.pk), {"tilbage": hostile})
        assert answer["Location"] == url(org, "point", point.pk)


def test_a_whole_branch_at_once_with_one_event():
    org = authority()
    top = contacts.group("Top", organisation=org)
    below = contacts.group("Below", parent=top)
    points = [contacts.point(f"P{n}", groups=[below, top], system=org.systems.get()) for n in range(3)]
    elsewhere = contacts.point("Elsewhere", organisation=org)
    client, page = owner(org), url(org, "group_reviewed", top.pk)
    assert "3 kontaktpunkter i gruppen" in client.get(page).content.decode()
    before = Event.objects.count()
    client.post(page)
    assert Event.objects.count() == before + 1
    assert set(last_event(org)[2]["points"]) == {str(point.pk) for point in points}
    assert set(ContactPoint.objects.filter(reviewed=None)) == {elsewhere}


# --- group_responsible ---


def test_a_branch_names_who_sees_to_it_and_what_stands_below_takes_it_over():
    org = authority()
    top = contacts.group("Top", organisation=org)
    below = contacts.group("Below", parent=top)
    contacts.point("A", groups=[below], system=org.systems.get())
    ContactPoint.objects.update(created=timezone.now() - dt.timedelta(days=400))
    client, page = owner(org), url(org, "group_responsible", top.pk)
    assert statuses(org, "group_responsible", top.pk) == CHANGE
    person = next(one for value, one in client.get(page).context["form"].fields["responsible"].choices if value)
    value = next(value for value, _name in client.get(page).context["form"].fields["responsible"].choices if value)
    assert client.post(page, {"responsible": value, "version": 1}).status_code == 302
    assert last_event(org)[0] == "CONTACT_BRANCH_ASSIGNED"
    assert f"{person} <span" in client.get(url(org, "group", below.pk)).content.decode()
    assert f"ansvarlig: {person}" in client.get(url(org, "structure_quality")).content.decode()
    top.refresh_from_db()
    assert responsible.departures(top.responsible, org) == ["Ansvarlig for kontaktgruppen Top"]
    client.post(page, {"responsible": "", "version": 2})
    top.refresh_from_db()
    assert top.responsible is None
    assert responsible.departures(user_with(Role.READER, organisation=org), org) == []


def test_only_people_of_the_organisation_are_offered_and_accepted():
    org = authority()
    stranger = user_with(Role.CONTACT_ADMINISTRATOR, organisation=authority())
    group = contacts.group(organisation=org)
    answer = owner(org).post(url(org, "group_responsible", group.pk), {"responsible": str(stranger.pk), "version": 1})
    assert answer.status_code == 200
    group.refresh_from_db()
    assert group.responsible is None
