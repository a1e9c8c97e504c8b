"""Several people at the same moment: one of them is first, the others are told, and nothing is there twice."""

from functools import partial

import pytest
from django.utils import timezone

from adgang.lib.findings import Finding
from organisations import expiry, inviting, privileges, registering, terms
from organisations.callers import Caller, Channel
from organisations.models import Mail, Organisation, Privilege, User
from tests.factories.organisations import Role, cvr_number, invitation, organisation, user_with
from tests.systems.at_once import at_once, real_database

pytestmark = pytest.mark.django_db(transaction=True)

COMMAND = Caller.command("test")
NOBODY = Caller(user=None, channel=Channel.WEB, request_id="r")


def refusals(results):
    """Return the codes of what was refused, once it is known that one was not."""
    found = [one.code for one in results if isinstance(one, Finding)]
    assert len(found) == len(results) - 1
    return found


def test_an_organisation_is_registered_once(tmp_path):
    new = [Organisation(name=name, cvr_number=cvr_number(77)) for name in ("Skovby", "Skovby igen")]
    with real_database(tmp_path):
        made = at_once(*[partial(registering.create, caller=COMMAND, organisation=one) for one in new])
    assert refusals(made) == ["organisation.cvr_taken"]


def test_a_version_of_the_terms_is_published_once(tmp_path):
    publish = partial(terms.publish, caller=COMMAND, label="9.0", text_da="Vilkår")
    with real_database(tmp_path):
        assert refusals(at_once(publish, publish)) == ["terms.label_taken"]


def test_one_invitation_opens_one_account(tmp_path):
    invitation(organisation=organisation(), token="t" * 43)
    accept = partial(inviting.accept_as_new, caller=NOBODY, token="t" * 43, name="Ny", password="korrekt hest batteri")
    with real_database(tmp_path):
        assert len(refusals(at_once(accept, accept))) == 1
        assert at_once(lambda: User.objects.filter(name="Ny").count()) == [1]


def test_two_invitations_of_one_person_open_one_account(tmp_path):
    for letter in "ab":
        invitation(organisation=organisation(), email="ny@example.org", token=letter * 43)
    accept = partial(inviting.accept_as_new, caller=NOBODY, name="Ny", password="korrekt hest batteri")
    with real_database(tmp_path):
        results = at_once(*[partial(accept, token=letter * 43) for letter in "ab"])
    assert refusals(results) == ["invitation.needs_account"]


def test_two_user_administrators_who_remove_each_other_leave_one(tmp_path):
    org = organisation()
    one, other = (user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org) for _ in range(2))
    acts = [
        partial(
            privileges.revoke,
            caller=Caller(user=actor, channel=Channel.WEB, request_id="r"),
            privilege=Privilege.objects.select_related("scope").get(user=loser),
        )
        for actor, loser in ((one, other), (other, one))
    ]
    with real_database(tmp_path):
        assert refusals(at_once(*acts)) == ["privilege.last_user_administrator"]


def test_two_workers_tell_of_a_role_that_ends_once(tmp_path):
    org, at = organisation(), timezone.now()
    user_with(Role.READER, organisation=org)
    Privilege.objects.filter(type=Role.READER).update(active_to=at + expiry.NOTICE / 2)
    tell = partial(expiry.give_notice, at=at)
    with real_database(tmp_path):
        assert sorted(at_once(tell, tell)) == [0, 1]
        assert at_once(lambda: Mail.objects.filter(kind="role_ends_soon").count()) == [1]
