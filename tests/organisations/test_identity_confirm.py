"""Connecting a login with one's account: asked once, fresh, never somebody else's."""

import pytest
from django.utils import timezone

from organisations import errands, proofs
from organisations.identities import Shown
from organisations.models import SignInIdentity
from tests.factories.organisations import client_for, user
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
URL = "/mig/login/forbind/"
SHOWN = Shown(method="OIDC", issuer="https://login.example", subject="kim-1", cvr="12345678")


def proven(person, *, fresh: bool = True):
    client = client_for(person)
    session = client.session
    kept = {"method": SHOWN.method, "issuer": SHOWN.issuer, "subject": SHOWN.subject, "cvr": SHOWN.cvr}
    session[errands.PROVEN] = {"shown": kept, "at": timezone.now().isoformat()}
    if fresh:
        session[proofs.KEY] = timezone.now().isoformat()
    session.save()
    return client


def test_it_shows_what_it_is_and_connects_on_a_post_alone() -> None:
    kim = user()
    client = proven(kim)
    page = text(client.get(URL))
    assert "kim-1" in page
    assert "12 34 56 78" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert not SignInIdentity.objects.exists()
    assert client.post(URL).status_code == 302
    assert SignInIdentity.objects.get().user == kim
    assert client.post(URL).url == "/mig/login/"  # once
    assert SignInIdentity.objects.count() == 1


def test_an_old_session_must_prove_first() -> None:
    assert "/mig/login/bekraeft/" in proven(user(), fresh=False).post(URL).url
    assert not SignInIdentity.objects.exists()


def test_what_is_another_persons_stays_theirs() -> None:
    owner = user()
    SignInIdentity.objects.create(user=owner, method="OIDC", issuer=SHOWN.issuer, subject=SHOWN.subject)
    response = proven(user()).post(URL)
    assert response.status_code == 403
    assert "forbundet med en anden konto" in text(response)
    assert SignInIdentity.objects.get().user == owner


def test_without_a_proof_there_is_nothing_to_connect() -> None:
    client = client_for(user())
    assert client.post(URL).url == "/mig/login/"
    assert "Vælg, hvad du vil forbinde" in client.get("/mig/login/").content.decode()
