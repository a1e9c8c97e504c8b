"""Changing what is said of a contact point."""

import pytest

from contacts.models import ContactPoint, SearchTerm
from tests.contacts.people import CHANGE, authority, filled, last_event, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "point_edit", contacts.point(organisation=org).pk) == CHANGE
    assert statuses(org, "point_edit", contacts.point(organisation=org).pk, method="post") == CHANGE


def test_saving_without_a_change_changes_nothing_but_the_version():
    org = authority()
    point = contacts.point(organisation=org, search_terms=("a", "b"), visible=False, memo_size_threshold_mb="2.50")
    terms = list(SearchTerm.objects.values_list("pk", flat=True))
    client, page = owner(org), url(org, "point_edit", point.pk)
    client.post(page, filled(client, page))
    now = ContactPoint.objects.get()
    tag, before, after = last_event(org)
    assert (tag, before, now.version) == ("CONTACT_POINT_CHANGED", after, 2)
    assert list(SearchTerm.objects.values_list("pk", flat=True)) == terms


def test_values_and_lists_change_while_state_and_place_stay():
    org = authority()
    group = contacts.group(organisation=org)
    point = contacts.point("Gammel", groups=[group], search_terms=("a", "b"), active=False, visible=False)
    client, page = owner(org), url(org, "point_edit", point.pk)
    client.post(page, filled(client, page) | {"name": "Ny", "search_terms": "b\nc", "audiences": ["for_companies"]})
    now = ContactPoint.objects.get()
    assert (now.name, now.active, now.visible, now.for_citizens, now.for_companies) == ("Ny", False, False, False, True)
    assert [term.term for term in now.search_terms.all()] == ["b", "c"]
    assert now.placements.get().group == group
    assert now.search_text.splitlines()[:3] == ["ny", "b", "c"]
    _tag, before, after = last_event(org)
    assert (before["search_terms"], after["search_terms"]) == (["a", "b"], ["b", "c"])


def test_two_people_saving_lose_nothing():
    org = authority()
    point = contacts.point("Gammel", organisation=org, search_terms=("gammelt",))
    client, page = owner(org), url(org, "point_edit", point.pk)
    mine = filled(client, page) | {"name": "Min", "search_terms": "mit"}
    client.post(page, mine | {"name": "Deres", "search_terms": "deres"})
    response = client.post(page, mine)
    rows = {row.label: (row.theirs, row.yours) for row in response.context["rows"]}
    assert response.status_code == 409
    assert rows["Navn"] == ("Deres", "Min")
    assert rows["Søgeord"] == ("deres", "mit")
    assert ContactPoint.objects.get().name == "Deres"
    again = dict(response.context["resend"])
    client.post(page, mine | {"version": again["version"]})
    assert ContactPoint.objects.get().name == "Min"


def test_an_id_in_digital_post_belongs_to_one_point():
    org = authority()
    registry_id = "2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20"
    contacts.point("Den anden", organisation=org, registry_id=registry_id)
    point = contacts.point(organisation=org)
    client, page = owner(org), url(org, "point_edit", point.pk)
    response = client.post(page, filled(client, page) | {"registry_id": registry_id})
    assert "“Den anden” har allerede dette ID i Digital Post." in str(response.context["form"].errors["registry_id"])
