"""The accessibility statement."""

import pytest
from django.test import Client

URL = "/tilgaengelighed/"

pytestmark = pytest.mark.django_db


def read(client: Client, language: str = "da") -> str:
    answer = client.get(URL, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("language", "title"),
    [("da", "Tilgængelighedserklæring – Adgang TEST"), ("en", "Accessibility statement – Adgang TEST")],
)
def test_anybody_may_read_it(language, title):
    html = read(Client(), language)
    assert f'<html lang="{language}">' in html
    assert f"<title>{title}</title>" in html


def test_says_what_was_not_tested():
    assert "Ingen, der bruger skærmlæser til daglig, har afprøvet portalen endnu." in read(Client())


def test_names_the_operator(settings):
    settings.ADGANG_OPERATOR_EMAIL = "drift@example.org"
    assert '<a href="mailto:drift@example.org">drift@example.org</a>' in read(Client())
