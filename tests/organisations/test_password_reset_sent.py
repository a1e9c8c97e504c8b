"""What is said when a link was asked for."""

import pytest
from django.test import Client

from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def test_it_tells_how_long_the_link_works():
    assert "Linket virker én gang og i 4 timer." in text(Client().get("/ny-adgangskode/sendt/"))
