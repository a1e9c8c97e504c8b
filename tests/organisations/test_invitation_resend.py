"""Sending an invitation again."""

import datetime as dt

import pytest
from django.utils import timezone

from organisations.models import Invitation, Mail
from tests.factories.organisations import Role, client_for, invitation, organisation, user_with
from tests.organisations.pages import toasts

pytestmark = pytest.mark.django_db


def resend(org, made, role=Role.ORGANISATION_USER_ADMINISTRATOR):
    client = client_for(user_with(role, organisation=org))
    return client.post(f"/o/{org.cvr_number}/invitationer/{made.pk}/send/")


def test_it_is_valid_again_and_the_old_link_is_not():
    org = organisation()
    made = invitation(organisation=org, token="t" * 43, expires=timezone.now() - dt.timedelta(days=1))
    assert toasts(resend(org, made)) == [f"En ny invitation er på vej til {made.email}."]
    saved = Invitation.objects.get()
    assert (saved.token_hash, saved.expires > timezone.now() + dt.timedelta(days=6)) == ("", True)
    assert Mail.objects.get().object_id == made.pk


def test_one_that_was_accepted_is_not_sent_again():
    org = organisation()
    made = invitation(organisation=org, accepted=timezone.now())
    assert toasts(resend(org, made)) == ["Invitationen er allerede brugt. Log ind for at bruge dine roller."]
    assert Mail.objects.count() == 0


def test_a_reader_cannot():
    org = organisation()
    assert resend(org, invitation(organisation=org), role=Role.READER).status_code == 403
