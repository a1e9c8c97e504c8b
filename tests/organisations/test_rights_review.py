"""The yearly review: what is left, keeping and ending, finishing, and the reminder."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations import reviewing
from organisations.event_tags import Tag
from organisations.models import Event, Mail, Organisation, Privilege, RightsReview
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    made = organisation(name="Skovby Kommune")
    long_ago = timezone.now() - dt.timedelta(days=350)
    Organisation.objects.filter(pk=made.pk).update(created=long_ago)
    made.refresh_from_db()
    return made


@pytest.fixture
def boss(org):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Anna")


def url(org):
    return reverse("rights_review", args=[org.cvr_number])


def aged(org):
    """Let every role be as old as the organisation."""
    Privilege.objects.filter(scope=org).update(created=org.created)


def test_every_role_is_kept_or_ended_before_the_review_is_finished(org, boss):
    reader = user_with(Role.READER, organisation=org, name="Bo").privileges.get()
    aged(org)
    user_with(Role.READER, organisation=org, name="Ny")
    client = client_for(boss)
    shown = text(client.get(url(org)))
    assert "2 roller mangler" in shown
    assert "Ny" not in shown.partition("2 roller mangler")[2]
    assert toasts(client.post(url(org)))[-1].startswith("2 roller er ikke gennemgået.")
    client.post(url(org), {"keep": str(boss.privileges.get().pk)})
    client.post(url(org), {"end": str(reader.pk)})
    assert not Privilege.objects.filter(pk=reader.pk).exists()
    assert "Alle roller er gennemgået" in text(client.get(url(org)))
    assert toasts(client.post(url(org)))[-1] == "Gennemgangen er afsluttet."
    done, following = RightsReview.objects.exclude(finished=None).get(), RightsReview.objects.get(finished=None)
    assert done.finished_by == boss
    assert following.due == timezone.localdate() + reviewing.YEAR
    tags = Event.objects.filter(organisation_id=org.pk).order_by("seq").values_list("tag", flat=True)
    assert list(tags) == [Tag.PRIVILEGE_REVIEWED, Tag.PRIVILEGES_REVOKED, Tag.RIGHTS_REVIEWED]
    kept = json.loads(Event.objects.get(tag=Tag.PRIVILEGE_REVIEWED).payload)
    assert kept["actor"] == str(boss.pk)


def test_the_last_administrator_is_not_ended_and_nonsense_is_not_found(org, boss):
    aged(org)
    client = client_for(boss)
    assert "varig brugeradministrator" in toasts(client.post(url(org), {"end": str(boss.privileges.get().pk)}))[-1]
    assert client.post(url(org), {"keep": "vrøvl"}).status_code == 404
    stranger = user_with(Role.READER, organisation=organisation()).privileges.get()
    assert client.post(url(org), {"end": str(stranger.pk)}).status_code == 404


def test_it_is_reminded_of_once_and_stands_among_the_problems(org, boss):
    aged(org)
    at = timezone.now()
    assert reviewing.remind(at=at) == 1
    assert reviewing.remind(at=at) == 0
    assert [(mail.kind, mail.to) for mail in Mail.objects.all()] == [("rights_review_due", boss.email)]
    overview = client_for(boss).get(reverse("overview", args=[org.cvr_number])).content.decode()
    assert "årlige gennemgang af rettigheder" in overview


def test_a_young_organisation_is_not_reminded():
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    assert reviewing.remind(at=timezone.now()) == 0


def test_a_reader_reads_and_a_stranger_finds_nothing(org, boss):
    aged(org)
    reader = user_with(Role.READER, organisation=org)
    shown = client_for(reader).get(url(org))
    assert 'name="keep"' not in shown.content.decode()
    assert client_for(reader).post(url(org)).status_code == 403
    assert client_for(user_with(Role.READER, organisation=organisation())).get(url(org)).status_code == 404
