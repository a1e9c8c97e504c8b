"""One event of the installation's log."""

import pytest

from organisations import terms
from organisations.callers import Caller
from organisations.models import Event
from tests.factories.organisations import Role, client_for, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def test_it_is_told_in_words():
    terms.publish(caller=Caller.command("x"), label="2.0", text_da="Nyt")
    client = client_for(user_with(Role.SUPPORT, organisation=None))
    shown = text(client.get(f"/drift/log/{Event.objects.get().pk}/"))
    assert shown.startswith("Vilkår udgivet Tidspunkt")
    assert "Vilkår 2.0" in shown
    assert "Version – 2.0" in shown
