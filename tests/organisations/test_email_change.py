"""Changing one's own e-mail: `email_change`, `email_change_confirm`, `email_change_object`."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisations import email_changes, erasing, mail, passwords, tidying
from organisations.callers import Caller
from organisations.models import AccessToken, EmailChange, Event, EventDetail, Mail, SecretLink, SignInIdentity, User
from tests.factories.organisations import client_for, invitation, organisation, user
from tests.factories.passkeys import passkey
from tests.organisations.links import token_in
from tests.organisations.pages import faults, text
from tests.organisations.test_factors import with_codes

pytestmark = pytest.mark.django_db
URL, NEW, PASSWORD = "/mig/login/e-mail/", "ny.adresse@example.org", "korrekt hest batteri"
ME = Caller.command("test")


@pytest.fixture
def kim() -> User:
    return user(email="kim@example.org", password=PASSWORD)


def mails() -> dict[str, str]:
    """Send what waits; return the newest text to each address."""
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    return {message.to[0]: message.body for message in outbox.outbox}


def link(body: str, *, stop: bool = False) -> str:
    name = "email_change_object" if stop else "email_change_confirm"
    return reverse(name, args=[token_in(body, "/ny-e-mail/")])


def asked(person: User, email: str = NEW) -> dict[str, str]:
    email_changes.ask(caller=ME, user=person, email=email, at=timezone.now())
    return mails()


def test_the_new_address_proves_itself_and_the_old_one_is_told(kim) -> None:
    here, elsewhere = client_for(kim, proven=True), client_for(kim)
    reset = passwords.new_link(kim, lifetime=dt.timedelta(hours=1))
    assert here.post(URL, {"email": " Ny.Adresse@Example.org "}).url == "/mig/login/"
    assert f"Du har bedt om {NEW}" in text(here.get("/mig/login/"))
    sent = mails()
    there = link(sent[NEW])
    page = here.get(there)
    assert "kim@example.org får besked" in text(page)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    kim.refresh_from_db()
    assert kim.email == "kim@example.org"  # a mail scanner's GET changes nothing
    assert here.post(there).url == "/mig/login/"
    kim.refresh_from_db()
    assert kim.email == NEW
    assert (here.get("/mig/").status_code, elsewhere.get("/mig/").status_code) == (200, 302)
    assert here.post(there).status_code == 410
    assert Client().get(f"/ny-adgangskode/{reset}/").status_code == 410
    assert "inden syv dage" in mails()["kim@example.org"]
    assert [event.tag for event in Event.objects.order_by("seq")] == ["EMAIL_CHANGE_ASKED", "EMAIL_CHANGED"]
    assert NEW not in "".join(event.payload for event in Event.objects.all())


def test_it_never_says_whose_an_address_is(kim) -> None:
    other = user(email="bo@example.org")
    client = client_for(kim, proven=True)
    free, taken = (client.post(URL, {"email": email}) for email in (NEW, other.email))
    assert (free.status_code, free.url) == (taken.status_code, taken.url)
    sent = mails()
    assert "/ny-e-mail/" not in sent["bo@example.org"]
    assert "allerede en konto" in sent["bo@example.org"]


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Ny e-mail"), ("ikke en adresse", "e-mail"), ("KIM@example.org", "allerede din e-mail")]
)
def test_wrong_input_is_told(kim, typed, said) -> None:
    answer = client_for(kim, proven=True).post(URL, {"email": typed})
    assert said in faults(answer)[0]
    assert not Mail.objects.exists()


def test_it_needs_a_proof_and_has_an_end(kim) -> None:
    assert "/mig/login/bekraeft/" in client_for(kim).post(URL, {"email": NEW}).url
    client = client_for(kim, proven=True)
    for number in range(3):
        assert client.post(URL, {"email": f"ny{number}@example.org"}).status_code == 302
    assert "for mange gange" in faults(client.post(URL, {"email": NEW}))[0]


def test_only_the_newest_wish_counts_and_not_for_long(kim) -> None:
    first = asked(kim)[NEW]
    second = asked(kim, "anden@example.org")["anden@example.org"]
    assert Client().get(link(first)).status_code == 410
    SecretLink.objects.update(expires=timezone.now())
    assert Client().post(link(second)).status_code == 410
    tidying.tidy(at=timezone.now() + dt.timedelta(days=15))
    assert not EmailChange.objects.exists()


def test_an_address_that_was_taken_meanwhile_is_not_given(kim) -> None:
    there = link(asked(kim)[NEW])
    user(email=NEW)
    assert Client().post(there).status_code == 410
    kim.refresh_from_db()
    assert kim.email == "kim@example.org"


@pytest.mark.parametrize("confirmed", [False, True])
def test_the_old_address_can_stop_or_undo_it(kim, confirmed) -> None:
    old = passkey(user=kim)
    kim.passkeys.update(created=timezone.now() - dt.timedelta(days=2))
    sent = asked(kim)
    intruder = client_for(kim)
    passkey(user=kim, name="Den fremmedes")
    with_codes(kim)
    SignInIdentity.objects.create(user=kim, method="OIDC", issuer="https://idp", subject="x")
    for number, days in enumerate((0, 2)):
        end, made = timezone.now() + dt.timedelta(days=9), timezone.now() - dt.timedelta(days=days)
        token = AccessToken.objects.create(organisation=organisation(), user=kim, hash=str(number), expires=end)
        AccessToken.objects.filter(pk=token.pk).update(created=made, name=f"{days} dage")
    calendar = {"purpose": SecretLink.Purpose.CALENDAR, "object_id": organisation().pk, "expires": end}
    SecretLink.objects.create(user=kim, token_hash="x", **calendar)
    if confirmed:
        Client().post(link(sent[NEW]))
        sent = mails()
    stop = link(sent["kim@example.org"], stop=True)
    assert "Var det ikke dig" in text(Client().get(stop))
    assert Client().post(stop).url == "/log-ind/"
    kim.refresh_from_db()
    assert kim.email == "kim@example.org"
    assert not kim.has_usable_password()
    assert list(kim.passkeys.all()) == [old]
    assert (kim.identities.count(), hasattr(kim, "totp")) == (0, False)
    assert [token.name for token in kim.access_tokens.filter(revoked=None)] == ["2 dage"]
    assert SecretLink.objects.get(purpose=SecretLink.Purpose.CALENDAR).revoked
    assert intruder.get("/mig/").status_code == 302
    assert "/ny-adgangskode/" in mails()["kim@example.org"]
    assert EmailChange.objects.get().ended is not None
    assert Event.objects.filter(tag="EMAIL_CHANGE_OBJECTED").count() == 1
    assert Client().post(stop).status_code == 410


def test_an_old_address_that_somebody_else_got_is_left_to_them(kim) -> None:
    Client().post(link(asked(kim)[NEW]))
    user(email="kim@example.org")
    refused = Client().post(link(mails()["kim@example.org"], stop=True))
    assert "hører nu til en anden konto" in text(refused)


def test_who_is_forgotten_leaves_no_earlier_address(kim) -> None:
    invitation(organisation=organisation(), email="kim@example.org")
    Client().post(link(asked(kim)[NEW]))
    kim.refresh_from_db()
    erasing.erase(caller=ME, user=kim)
    kept = "".join(detail.value for detail in EventDetail.objects.all())
    assert "kim@example.org" not in kept
    assert NEW not in kept
    assert not EmailChange.objects.exists()
    assert not Mail.objects.filter(to__in=["kim@example.org", NEW]).exists()
