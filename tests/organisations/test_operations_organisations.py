"""The operator's list of organisations."""

import pytest

from tests.factories.organisations import Role, client_for, invitation, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

URL = "/drift/myndigheder/"


@pytest.fixture
def client():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def names(response):
    return [row.name for row in response.context["list"].page.object_list]


def test_how_far_each_has_come(client):
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation(name="Aaby", cvr_number="90000004"))
    invitation(organisation=organisation(name="Øby", cvr_number="90000012", accepted=False))
    page = text(client.get(URL)).replace("\xa0", " ")
    assert "Aaby 90 00 00 04 Kommune Aktiv Godkendt Udpeget" in page
    assert "Øby 90 00 00 12 Kommune Aktiv Ikke godkendt Inviteret" in page


def test_it_is_narrowed_and_searched(client):
    organisation(name="Aaby", cvr_number="90000004")
    organisation(name="Øby", cvr_number="90000012", accepted=False, authority_type="REGION")
    assert names(client.get(f"{URL}?kind=REGION")) == ["Øby"]
    assert names(client.get(f"{URL}?lacks=terms")) == ["Øby"]
    assert names(client.get(f"{URL}?lacks=administrator")) == ["Aaby", "Øby"]
    assert names(client.get(f"{URL}?q=90000004")) == ["Aaby"]


def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries):
    organisation()
    client.get(URL)
    with django_assert_num_queries(5):
        client.get(URL)
    for _ in range(3):
        organisation()
    with django_assert_num_queries(5):
        client.get(URL)


def test_support_sees_without_links_to_change():
    organisation(cvr_number="90000004")
    page = client_for(user_with(Role.SUPPORT, organisation=None)).get(URL).content.decode()
    assert 'href="/drift/myndigheder/90000004/"' not in page
