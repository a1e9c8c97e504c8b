"""Two programs change the same thing at the same time, and one sends the same POST twice at once."""

import pytest

from contacts.models import ContactGroup
from organisations.models import Event
from tests.api.calling import Caller, token_of
from tests.factories.contacts import group
from tests.factories.organisations import Role, organisation
from tests.systems.at_once import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_of_two_writers_one_wins_and_the_other_has_changed_nothing():
    own = organisation()
    made, token = group(organisation=own), token_of(own, Role.CONTACT_ADMINISTRATOR)
    path = f"organisations/{own.pk}/contact-groups/{made.pk}"
    for version in range(1, 6):
        first, second = at_once(
            lambda v=version: Caller.bearing(token).send("PUT", path, {"name": f"A{v}"}, version=v),
            lambda v=version: Caller.bearing(token).send("PUT", path, {"name": f"B{v}"}, version=v),
        )
        assert sorted((first.status_code, second.status_code)) == [200, 409]
        winner = first if first.status_code == 200 else second
        assert ContactGroup.objects.get(pk=made.pk).name == winner.json()["name"]
    assert Event.objects.filter(tag="CONTACT_GROUP_CHANGED").count() == 5


def test_the_same_post_twice_at_once_is_done_once():
    own = organisation()
    token = token_of(own, Role.CONTACT_ADMINISTRATOR)
    path, headers = f"organisations/{own.pk}/contact-groups/", {"Idempotency-Key": "en gang"}
    send = lambda: Caller.bearing(token).send("POST", path, {"name": "Ny"}, headers=headers)  # noqa: E731
    first, second = at_once(send, send)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert ContactGroup.objects.filter(organisation=own).count() == 1
