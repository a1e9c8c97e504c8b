"""Merging a contact point into another."""

import pytest

from contacts.models import ContactPoint, Placement
from contacts.values import Code, PointValues
from tests.contacts.people import CHANGE, authority, last_event, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "point_merge", contacts.point(organisation=org).pk) == CHANGE


def test_merging():
    org = authority()
    group = contacts.group(organisation=org)
    old = contacts.point(
        "Pas", organisation=org, search_terms=("rejse",), codes=(Code(type="SOR", code="12"),), groups=(group,)
    )
    new = contacts.point("Borgerservice", organisation=org)
    earlier = contacts.point("Gammelt pas", organisation=org, replaced_by=old.pk)
    data = {"into": "Borgerservice", "take": ["terms", "codes", "places"], "version": 1}
    text = owner(org).post(url(org, "point_merge", old.pk), data, follow=True).content.decode()
    assert "Borgerservice afløser nu Pas." in text
    values = PointValues.of(ContactPoint.objects.get(pk=new.pk))
    assert values.search_terms == ("hjælp", "rejse")
    assert values.codes == (Code(type="SOR", code="12"),)
    assert {place.group for place in Placement.objects.filter(point=new)} == {None, group}
    old.refresh_from_db()
    assert (old.active, old.visible, old.replaced_by) == (True, False, new.pk)
    assert ContactPoint.objects.get(pk=earlier.pk).replaced_by == new.pk
    assert last_event(org)[0] == "CONTACTS_MERGED"


def test_wrong_successors_are_refused_and_nothing_typed_is_lost():
    org = authority()
    old, new = contacts.point("Pas", organisation=org), contacts.point("Ny", organisation=org)
    ContactPoint.objects.filter(pk=new.pk).update(replaced_by=old.pk)
    contacts.point("Foran", organisation=org, replaced_by=contacts.point("Sidste", organisation=org).pk)
    client, page = owner(org), url(org, "point_merge", old.pk)
    for into, told in (
        ("Ny", "bliver selv afløst af dette"),
        ("Foran", "er selv afløst af Sidste"),
        ("Pas", ""),
        ("Findes ikke", ""),
    ):
        response = client.post(page, {"into": into, "take": [], "version": 1})
        assert response.status_code == 200
        assert "into" in response.context["form"].errors
        assert told in response.content.decode()
        assert f'value="{into}"' in response.content.decode()
    assert ContactPoint.objects.get(pk=old.pk).version == 1


def test_a_state_names_no_circle():
    org = authority()
    old, new = contacts.point("Pas", organisation=org), contacts.point("Ny", organisation=org)
    ContactPoint.objects.filter(pk=new.pk).update(replaced_by=old.pk)
    data = {"state": "REPLY_ONLY", "replaced_by": "Ny", "version": 1}
    assert "bliver selv afløst af dette" in owner(org).post(url(org, "point_state", old.pk), data).content.decode()
