"""A person removes their own employee certificate."""

import pytest
from django.urls import reverse

from certificates.models import Certificate
from organisations.models import Event
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return organisation(cvr_number=make.CVR)


@pytest.fixture
def owner(here):
    return user_with(Role.READER, organisation=here)


@pytest.fixture
def kept(here, owner) -> Certificate:
    return make.certificate(organisation=here, user=owner)


def url(here, kept) -> str:
    return reverse("moces_remove", args=[here.cvr_number, kept.pk])


def test_the_page_asks_once_and_changes_nothing(here, owner, kept) -> None:
    page = client_for(owner).get(url(here, kept)).content.decode()
    assert "det bliver ikke spærret" in page
    assert Certificate.objects.count() == 1


def test_the_certificate_is_removed_and_recorded(here, owner, kept) -> None:
    response = client_for(owner).post(url(here, kept))
    assert (response.status_code, response.url) == (302, reverse("moces_upload", args=[here.cvr_number]))
    assert not Certificate.objects.exists()
    event = Event.objects.get(tag="CERTIFICATE_REMOVED")
    assert (event.object_id, event.actor_id) == (kept.pk, owner.pk)
    assert kept.sha256 in event.payload


def test_nobody_else_can_remove_it(here, kept) -> None:
    colleague = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=here)
    stranger = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    assert [client_for(person).post(url(here, kept)).status_code for person in (colleague, stranger)] == [404, 404]
    assert Certificate.objects.count() == 1
