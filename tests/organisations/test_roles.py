"""The page that explains the roles, and the table it comes from."""

import pytest

from organisations.right_names import NAMES
from organisations.rights import PrivilegeType, Right, roles
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def test_every_type_stands_in_the_table_once_and_every_right_has_a_name():
    assert list(roles()) == sorted(PrivilegeType, key=list(roles()).index)
    assert set(roles()) == set(PrivilegeType)
    assert set(NAMES) == set(Right)


def test_every_right_is_somebodys():
    assert frozenset().union(*(role.rights for role in roles().values())) == set(Right)


@pytest.mark.parametrize(("language", "label"), [("da", "Brugeradministrator"), ("en", "User administrator")])
def test_the_page_shows_the_table(language, label):
    org = organisation()
    client = client_for(user_with(Role.READER, organisation=org))
    page = text(client.get(f"/o/{org.cvr_number}/brugere/roller/", headers={"Accept-Language": language}))
    assert label in page
    assert "Systemforvalter" not in page
