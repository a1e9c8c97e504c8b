"""Where a person is signed in."""

import pytest

from organisations.devices import browser_name, devices, end_device, handle_of
from organisations.models import Session
from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox, Linux"), (EDGE, "Edge, Windows"), (PHONE, "Safari, iPhone"), ("curl/8", ""), ("", "")],
)
def test_browsers_are_called_what_people_call_them(agent, name):
    assert browser_name(agent) == name


def test_a_person_ends_their_own_sessions_only_and_keys_are_not_shown():
    kim, bo = user(), user()
    here, elsewhere = client_for(kim), client_for(kim)
    client_for(bo)
    listed = devices(kim, session_key=here.session.session_key)
    assert sorted(device.is_this for device in listed) == [False, True]
    assert here.session.session_key not in str(listed)
    assert end_device(kim, handle_of(bo.sessions.get().session_key)) is False
    assert end_device(kim, handle_of(elsewhere.session.session_key)) is True
    assert Session.objects.filter(user=kim).get().session_key == here.session.session_key
