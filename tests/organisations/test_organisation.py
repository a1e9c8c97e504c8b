"""The page of an organisation."""

import pytest

from organisations import registering
from organisations.callers import Caller
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def test_details_terms_and_history_are_shown():
    org = organisation(name="Skovby Kommune", cvr_number="90000004", legal_contact_name="Åse Jurist")
    org.industry_code = "841100"
    registering.change(caller=Caller.command("import"), organisation=org, version=org.version)
    page = text(client_for(user_with(Role.READER, organisation=org)).get("/o/90000004/myndighed/"))
    assert "CVR-nummer 90 00 00 04" in page
    assert "Navn Åse Jurist" in page
    assert "Version 1.0, godkendt af Kim Prøvesen" in page
    assert "Organisation ændret" in page
    assert "Branchekode: 841100" in page


def test_only_who_may_change_it_is_offered_to(client):
    org = organisation()
    url = f"/o/{org.cvr_number}/myndighed/"
    admin = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org)
    reader = user_with(Role.READER, organisation=org)
    assert f"{url}ret/" in client_for(admin).get(url).content.decode()
    assert f"{url}ret/" not in client_for(reader).get(url).content.decode()


def test_without_terms_and_contact_it_says_so():
    org = organisation(accepted=False)
    page = text(client_for(user_with(Role.READER, organisation=org)).get(f"/o/{org.cvr_number}/myndighed/"))
    assert "Driften har ikke udgivet vilkår endnu." in page
    assert "Der er ikke angivet nogen endnu." in page
