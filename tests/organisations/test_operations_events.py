"""The log of the installation."""

import pytest

from organisations import materials
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.models import Event, Material
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

URL = "/drift/log/"


def test_what_operators_did_and_that_it_was_read():
    dorte = user_with(Role.SYSTEM_MANAGER, organisation=None, name="Dorte Drift")
    who = Caller(user=dorte, channel=Channel.WEB, request_id="r")
    materials.create(caller=who, material=Material(title_da="Vejledning"))
    client = client_for(user_with(Role.SUPPORT, organisation=None, name="Sune Support"))
    assert "Materiale ændret Materiale: Vejledning Dorte Drift" in text(client.get(URL))
    client.get(URL)
    assert [event.tag for event in Event.objects.order_by("seq")] == [Tag.MATERIAL_CHANGED, Tag.EVENT_LOG_SEARCHES]


def test_an_organisations_own_log_is_not_there():
    org = organisation()
    from tests.organisations.test_events import changed

    changed(org)
    response = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None)).get(f"{URL}?kind=organisation")
    assert list(response.context["list"].page.object_list) == []
