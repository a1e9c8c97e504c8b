"""Who acts: what a grant for one system opens, and where its holder begins."""

import pytest
from django.urls import reverse

from organisations.callers import Caller, Channel
from organisations.rights import Right
from organisations.views.me import landing
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import system

pytestmark = pytest.mark.django_db


def test_a_grant_for_one_system_opens_the_list_of_systems_and_no_other_page():
    one = system()
    person = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=one.organisation, system_id=one.pk)
    caller = Caller(user=person, channel=Channel.WEB, request_id="r")
    grants = caller.grants(one.organisation)
    assert [right for right in Right if grants.opens(right)] == [Right.SYSTEMS_VIEW]
    assert landing(caller, one.organisation) == reverse("systems", args=[one.organisation.cvr_number])


def test_the_landing_page_opens_and_offers_only_what_opens():
    one = system()
    vendor = client_for(user_with(Role.READER, organisation=one.organisation, system_id=one.pk))
    response = vendor.get(reverse("choose_organisation"), follow=True)
    assert response.redirect_chain == [(reverse("systems", args=[one.organisation.cvr_number]), 302)]
    assert response.status_code == 200
    assert [link.url for link in response.context["frame"].navigation] == [
        reverse("systems", args=[one.organisation.cvr_number]),
        reverse("credentials", args=[one.organisation.cvr_number]),
    ]


def test_a_grant_for_everything_begins_at_the_overview():
    org = organisation()
    caller = Caller(user=user_with(Role.READER, organisation=org), channel=Channel.WEB, request_id="r")
    assert landing(caller, org) == reverse("overview", args=[org.cvr_number])
