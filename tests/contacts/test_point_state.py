"""A contact point's state."""

import pytest

from contacts import states
from contacts.models import ContactPoint
from contacts.states import State
from tests.contacts.people import CHANGE, authority, last_event, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "point_state", contacts.point(organisation=org).pk) == CHANGE
    assert statuses(org, "point_state", contacts.point(organisation=org).pk, method="post") == CHANGE


@pytest.mark.parametrize(
    ("active", "visible", "state"),
    [
        (True, True, State.OPEN),
        (True, False, State.REPLY_ONLY),
        (False, False, State.CLOSED),
        (False, True, State.VISIBLE_BUT_CLOSED),
    ],
)
def test_four_states_of_two_switches(active, visible, state):
    assert states.of(active=active, visible=visible) is state


def test_changing_it_and_naming_the_successor():
    org = authority()
    point, new = contacts.point("Gammel", organisation=org), contacts.point("Ny", organisation=org)
    response = owner(org).post(
        url(org, "point_state", point.pk), {"state": "REPLY_ONLY", "replaced_by": "Ny", "version": 1}, follow=True
    )
    point.refresh_from_db()
    assert (point.active, point.visible, point.replaced_by, point.version) == (True, False, new.pk, 2)
    assert "Gammel er nu: Kun retursvar." in response.content.decode()
    assert last_event(org) == (
        "CONTACT_POINT_CHANGED",
        {"active": True, "visible": True, "replaced_by": None},
        {"active": True, "visible": False, "replaced_by": str(new.pk)},
    )


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"state": "VISIBLE_BUT_CLOSED"}, "state", "VISIBLE_BUT_CLOSED"),
        ({"state": "CLOSED", "replaced_by": "Ukendt"}, "replaced_by", "I har intet kontaktpunkt"),
        ({"state": "CLOSED", "replaced_by": "Tvilling"}, "replaced_by", "Flere kontaktpunkter hedder"),
        ({"state": "CLOSED", "replaced_by": "Mig"}, "replaced_by", "ikke erstattes af sig selv"),
    ],
)
def test_what_cannot_be(answers, field, said):
    org = authority()
    point = contacts.point("Mig", organisation=org)
    for _ in range(2):
        contacts.point("Tvilling", organisation=org)
    response = owner(org).post(url(org, "point_state", point.pk), answers | {"version": 1})
    assert said in str(response.context["form"].errors[field])
    assert ContactPoint.objects.get(pk=point.pk).version == 1


def test_by_either_id():
    org = authority()
    registry_id = "2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20"
    point, new = contacts.point(organisation=org), contacts.point(organisation=org, registry_id=registry_id)
    client, page = owner(org), url(org, "point_state", point.pk)
    client.post(page, {"state": "CLOSED", "replaced_by": registry_id, "version": 1})
    assert ContactPoint.objects.get(pk=point.pk).replaced_by == new.pk
    gone = new.pk
    new.delete()
    # The reference outlives the successor and stays when the form is sent again.
    client.post(page, {"state": "OPEN", "replaced_by": str(gone), "version": 2})
    assert ContactPoint.objects.get(pk=point.pk).replaced_by == gone
    client.post(page, {"state": "OPEN", "replaced_by": "", "version": 3})
    assert ContactPoint.objects.get(pk=point.pk).replaced_by is None


def test_a_stale_page_changes_nothing():
    org = authority()
    point = contacts.point(organisation=org)
    ContactPoint.objects.update(version=3)
    response = owner(org).post(url(org, "point_state", point.pk), {"state": "CLOSED", "version": 1}, follow=True)
    assert "En anden ændrede det" in response.content.decode()
    assert ContactPoint.objects.get().active is True
