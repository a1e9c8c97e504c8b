"""The operator's page for whoever lost their second factor or their e-mail."""

import pytest

from organisations.models import EmailChange, Event, Mail
from tests.factories.organisations import Role, client_for, organisation, user, user_with
from tests.factories.passkeys import passkey
from tests.organisations.pages import faults, text
from tests.organisations.test_factors import with_codes

pytestmark = pytest.mark.django_db
URL, WHY = "/drift/konti/", "Set i øjnene ved skranken"


@pytest.fixture
def boss():
    return user_with(Role.SYSTEM_MANAGER, organisation=None)


def ask(boss, **fields):
    return client_for(boss, proven=True).post(URL, {"lost": "factor", "reason": WHY, **fields})


def test_a_lost_second_factor_is_taken_away_told_and_logged_in_both_logs(boss) -> None:
    org = organisation()
    kim = user_with(Role.READER, organisation=org)
    passkey(user=kim)
    with_codes(kim)
    theirs = client_for(kim)
    assert ask(boss, email=kim.email.upper()).url == "/drift/"
    assert (kim.passkeys.count(), kim.recovery_codes.count()) == (0, 0)
    assert theirs.get("/mig/").status_code == 302
    assert Mail.objects.filter(kind="factor_reset", to=kim.email).count() == 1
    events = Event.objects.filter(tag="FACTOR_REMOVED", actor_id=boss.pk)
    assert {event.organisation_id for event in events} == {org.pk, type(events[0].organisation_id)(int=0)}
    assert all(WHY in event.payload for event in events)


def test_a_lost_address_is_changed_by_the_person_themselves(boss) -> None:
    kim = user(email="kim@example.org")
    assert ask(boss, email=kim.email, lost="email", new_email="ny@example.org").status_code == 302
    kim.refresh_from_db()
    assert kim.email == "kim@example.org"  # until the link in the mail is followed
    assert EmailChange.objects.get().new == "ny@example.org"
    assert set(Mail.objects.values_list("kind", "to")) == {
        ("email_change_confirm", "ny@example.org"),
        ("email_change_asked", "kim@example.org"),
    }
    assert WHY in Event.objects.get(tag="EMAIL_CHANGE_ASKED").payload


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "ingen@example.org"}, "Ingen har"),
        ({"email": "uden@example.org"}, "ikke totrinslogin"),
        ({"email": "boss@example.org"}, "din egen"),
        ({"email": "uden@example.org", "reason": ""}, "Begrundelse"),
        ({"email": "uden@example.org", "lost": "email"}, "Skriv den adresse"),
        ({"email": "uden@example.org", "lost": "email", "new_email": "uden@example.org"}, "allerede"),
        ({"email": "uden@example.org", "lost": ""}, "mistet"),
    ],
    ids=lambda value: str(sorted(value.items())) if isinstance(value, dict) else value,
)
def test_what_is_wrong_is_told(fields, said) -> None:
    user(email="uden@example.org")
    boss = user_with(Role.SYSTEM_MANAGER, organisation=None, email="boss@example.org")
    passkey(user=boss)
    assert said in faults(ask(boss, **fields))[0]
    assert not Mail.objects.exists()


def test_it_needs_a_proof_and_the_right_to_change(boss) -> None:
    assert "/mig/login/bekraeft/" in client_for(boss).get(URL).url
    support = user_with(Role.SUPPORT, organisation=None)
    assert client_for(support, proven=True).get(URL).status_code == 403
    assert client_for(user(), proven=True).get(URL).status_code == 404
    assert "Hjælp en person ind igen" in text(client_for(boss, proven=True).get(URL))
