"""Removing a way to sign in."""

import pytest
from django.utils import timezone

from organisations import proofs
from organisations.models import Event, Mail, SignInIdentity
from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db


def identity(person):
    return SignInIdentity.objects.create(user=person, method="SAML", issuer="https://idp", subject="1")


def fresh(person):
    client = client_for(person)
    session = client.session
    session[proofs.KEY] = timezone.now().isoformat()
    session.save()
    return client


def test_it_asks_and_removes_and_tells() -> None:
    kim = user()
    url = f"/mig/login/{identity(kim).pk}/fjern/"
    client = fresh(kim)
    assert client.get(url).status_code == 200
    assert SignInIdentity.objects.exists()
    assert client.post(url).url == "/mig/login/"
    assert not SignInIdentity.objects.exists()
    assert (Mail.objects.get().kind, Event.objects.get().tag) == ("identity_removed", "IDENTITY_REMOVED")


def test_an_old_session_must_prove_first() -> None:
    kim = user()
    url = f"/mig/login/{identity(kim).pk}/fjern/"
    assert "/mig/login/bekraeft/" in client_for(kim).post(url).url
    assert SignInIdentity.objects.exists()


def test_somebody_elses_is_not_there() -> None:
    assert fresh(user()).post(f"/mig/login/{identity(user()).pk}/fjern/").status_code == 404
