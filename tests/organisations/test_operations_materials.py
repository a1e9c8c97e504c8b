"""What every authority is shown."""

import pytest

from organisations.models import Material
from tests.factories.organisations import Role, client_for, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def page(role=Role.SYSTEM_MANAGER):
    return text(client_for(user_with(role, organisation=None)).get("/drift/materialer/"))


def test_they_stand_by_kind_and_step():
    Material.objects.create(kind="MATERIAL", step=2, title_da="Vejledning", url="https://example.org/")
    Material.objects.create(kind="REQUIREMENT", title_da="Arbejdspakke 3")
    shown = page()
    assert "Materiale Trin 2: Vejledning · Ret · Slet Kontakt Ingen endnu. Minimumskrav Arbejdspakke 3" in shown
    assert "Slet" not in page(Role.SUPPORT)
