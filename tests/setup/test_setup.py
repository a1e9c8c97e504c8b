"""The page of the set-up as a file: who may see it, take the file out, and hand one in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import UploadedFile
from organisations.event_tags import Tag
from organisations.models import Event
from organisations.rights import PrivilegeType
from tests.factories.organisations import client_for, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(authority):
    return lambda *roles: client_for(user_with(*roles, organisation=authority.organisation))


@pytest.fixture
def page(authority):
    return reverse("setup", args=[authority.organisation.cvr_number])


def test_who_may(authority, page, client_of, empty):
    owner = client_of(PrivilegeType.ORGANISATION_ADMINISTRATOR)
    assert owner.get(page).status_code == 200
    reader = client_of(PrivilegeType.READER)
    assert "Hent en fil ind" in owner.get(page).content.decode()
    assert "Hent en fil ind" not in reader.get(page).content.decode()
    assert reader.post(page, {"file": SimpleUploadedFile("a.yml", b"a")}).status_code == 403
    assert client_of(PrivilegeType.STATISTICS_ADMINISTRATOR).get(page).status_code == 403
    stranger = user_with(PrivilegeType.ORGANISATION_ADMINISTRATOR, organisation=empty().organisation)
    assert client_for(stranger).get(page).status_code == 404


def test_only_what_one_may_change_is_said_to_be_changeable(page, client_of):
    text = client_of(PrivilegeType.CONTACT_ADMINISTRATOR).get(page).content.decode()
    assert "Jeres roller" in text or "Dine roller" in text


def test_a_file_leads_to_its_plan(authority, page, client_of):
    client = client_of(PrivilegeType.ORGANISATION_ADMINISTRATOR)
    answer = client.post(page, {"file": SimpleUploadedFile("opsætning.yml", authority.text.encode())})
    uploaded = UploadedFile.objects.get()
    assert answer.headers["Location"] == reverse("setup_plan", args=[authority.organisation.cvr_number, uploaded.pk])
    # Encrypted, like every kept file.
    assert b"contactStructure" not in bytes(uploaded.blob.encrypted)


@pytest.mark.parametrize("files", [{}, {"file": SimpleUploadedFile("a.yml", b"")}])
def test_without_a_file(page, client_of, files):
    answer = client_of(PrivilegeType.ORGANISATION_ADMINISTRATOR).post(page, files)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"file"}


def test_taking_it_out_is_logged(authority, client_of):
    client = client_of(PrivilegeType.READER)
    answer = client.get(reverse("setup_export", args=[authority.organisation.cvr_number]))
    assert answer.content.decode() == authority.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Event.objects.filter(tag=Tag.LIST_EXPORTED).count() == 1


def test_chosen_parts_and_rules(authority, client_of):
    url = reverse("setup_export", args=[authority.organisation.cvr_number])
    text = client_of(PrivilegeType.READER).get(url, {"del": ["letterTypes"], "til": "anden"}).content.decode()
    assert "\nletterTypes:" in text
    assert "\nsystems:" not in text
    assert "\ncarry:" in text
