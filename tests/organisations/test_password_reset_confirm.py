"""The form behind a link."""

import pytest
from django.test import Client

from organisations import passwords
from organisations.models import User
from tests.factories.organisations import user
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db

NEW = "fire ord uden mening"


@pytest.fixture
def kim():
    return user(email="kim@example.org", name="Kim Skabelonsen", password="det gamle kodeord")


@pytest.fixture
def url(kim):
    return f"/ny-adgangskode/{passwords.new_link(kim, lifetime=passwords.LINK_LIFETIME)}/"


def send(url, new=NEW, again=None):
    return Client().post(url, {"new_password": new, "repeated": new if again is None else again})


def test_fetching_the_link_does_nothing(kim, url):
    for _ in range(2):
        response = Client().get(url)
        assert "Til kontoen kim@example.org." in text(response)
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_post_sets_the_password_once(kim, url):
    response = send(url)
    assert response.url == "/log-ind/"
    assert toasts(response) == ["Din adgangskode er ændret. Log ind med den nye."]
    assert User.objects.get(pk=kim.pk).check_password(NEW)
    assert send(url).status_code == 410


@pytest.mark.parametrize(
    ("new", "again", "expected"),
    [
        ("kort", None, "Denne adgangskode er for kort. Den skal indeholde mindst 12 tegn."),
        ("password1234", None, "Denne adgangskode er for almindelig."),
        ("Kim Skabelonsen", None, "Din adgangskode minder for meget om din/dit navn."),
        (NEW, "noget helt andet", "De to adgangskoder er ikke ens."),
    ],
)
def test_weak_and_mistyped_passwords_are_refused_and_the_link_still_works(kim, url, new, again, expected):
    assert faults(send(url, new, again)) == [expected]
    assert send(url).status_code == 302


def test_a_link_that_never_was_says_what_to_do(db):
    response = Client().get(f"/ny-adgangskode/{'x' * 43}/")
    assert response.status_code == 410
    assert text(response) == "Linket virker ikke Linket er brugt eller udløbet. Bed om et nyt. Log ind"
