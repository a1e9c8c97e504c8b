"""The page of what opens one's account, where one is signed in, and who tried."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from organisations import tidying
from organisations.models import Event, Mail, SignIn, SignInIdentity
from tests.factories.organisations import client_for, user
from tests.factories.passkeys import passkey
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
URL = "/mig/login/"
PASSWORD = "korrekt hest batteri"


def sign_in(client, person, password=PASSWORD, **extra):
    browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    return client.post("/log-ind/", {"email": person.email, "password": password}, headers={"User-Agent": browser})


def test_it_tells_of_sign_ins_the_failed_too_and_of_nobody_elses() -> None:
    kim, bo = user(password=PASSWORD), user(password=PASSWORD)
    client = Client(REMOTE_ADDR="192.0.2.44")
    sign_in(client, kim, "forkert")
    sign_in(client, kim)
    sign_in(Client(REMOTE_ADDR="192.0.2.99"), bo)
    page = text(client.get(URL))
    assert "Mislykket" in page
    assert "Firefox, Linux" in page
    assert "192.0.2.44" in page
    assert "192.0.2.99" not in page
    assert [event.tag for event in Event.objects.all()] == ["SIGNED_IN", "SIGNED_IN"]  # failures are not chained


def test_the_lockout_is_an_event_and_a_mail(settings) -> None:
    kim = user(password=PASSWORD)
    for _ in range(settings.ADGANG_LOCKOUT_FAILURES):
        sign_in(Client(), kim, "forkert")
    assert Event.objects.get().tag == "LOCKED_OUT"
    assert (Mail.objects.get().kind, Mail.objects.get().to) == ("locked_out", kim.email)


def test_the_number_of_queries_does_not_grow(django_assert_num_queries) -> None:
    kim = user()
    client = client_for(kim)
    client.get(URL)
    with django_assert_num_queries(10):
        client.get(URL)
    for number in range(3):
        passkey(user=kim)
        SignInIdentity.objects.create(user=kim, method="OIDC", issuer="https://idp", subject=str(number))
        SignIn.objects.create(user=kim, method="password", succeeded=False)
        client_for(kim)
    with django_assert_num_queries(10):
        client.get(URL)


def test_old_attempts_are_forgotten(settings) -> None:
    kim, now = user(), timezone.now()
    SignIn.objects.create(user=kim, method="password", succeeded=True, at=now - dt.timedelta(days=91))
    SignIn.objects.create(user=kim, method="password", succeeded=True, at=now)
    tidying.tidy(at=now)
    assert SignIn.objects.get().at == now


def test_a_session_ends_after_its_hours_however_busy(settings) -> None:
    client = client_for(user())
    session = client.session
    session["signed_in"] = (timezone.now() - dt.timedelta(hours=settings.ADGANG_SESSION_HOURS, minutes=1)).isoformat()
    session.save()
    assert client.get("/mig/").url == "/log-ind/?next=%2Fmig%2F"
    assert "_auth_user_id" not in client.session


def test_who_has_no_password_is_never_told_to_use_it() -> None:
    page = text(client_for(user()).get(URL))
    assert "Din adgangskode åbner" not in page
    assert "skift adgangskode" not in page.lower()
    assert "Du har ingen adgangskode" in page
    assert "Din adgangskode åbner alene" in text(client_for(user(password=PASSWORD)).get(URL))
