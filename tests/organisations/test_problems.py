"""What the overview is told of people and terms."""

import datetime as dt

import pytest
from django.utils import timezone

from organisations import problems
from tests.factories import organisations
from tests.factories.organisations import Role, employ, grant, invitation, organisation, user, user_with

pytestmark = pytest.mark.django_db


def told(org):
    return [str(problem.text) for problem in problems.open_problems(org)]


def test_an_organisation_in_order_has_none():
    org = organisation()
    for _ in range(2):
        user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    assert told(org) == []


def test_everything_that_can_be_wrong():
    organisations.terms()
    org = organisation(accepted=False)
    at = timezone.now()
    invitation(organisation=org, expires=at - dt.timedelta(days=1))
    grant(user=user(), role=Role.READER, organisation=org, active_to=at + dt.timedelta(days=3))
    assert told(org) == [
        "Tilslutningsvilkårene er ikke godkendt.",
        "Der er ingen brugeradministrator.",
        "Én invitation er udløbet.",
        "Én rolle slutter inden for 14 dage.",
    ]


def test_links_lead_to_people_of_the_organisation_only():
    org, kim = organisation(), user()
    assert problems.object_link("user", kim.pk, org) == ""
    employ(user=kim, organisation=org)
    assert problems.object_link("user", kim.pk, org) == f"/o/{org.cvr_number}/brugere/{kim.pk}/"
    assert problems.object_link("organisation", org.pk, org) == f"/o/{org.cvr_number}/myndighed/"
    assert problems.object_link("organisation", organisation().pk, org) == ""
    assert problems.object_link("system", org.pk, org) == ""
