"""A line of the organisation's own."""

import pytest
from django.urls import reverse

from organisations.models import Event, ReadinessLine
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db

VALUES = {"text": "Ret brevskabelonerne", "step": "2", "state": "MISSING", "version": "1"}


@pytest.fixture
def org():
    return organisation()


def address(org):
    return reverse("readiness_line_create", args=[org.cvr_number])


def test_owner_adds(org):
    owner = client_for(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org))
    assert owner.get(address(org)).status_code == 200
    response = owner.post(address(org), VALUES, follow=True)
    row = ReadinessLine.objects.get()
    assert (row.organisation, row.key, row.text, row.step) == (org, "", "Ret brevskabelonerne", 2)
    assert Event.objects.get().object_label == "Ret brevskabelonerne"
    assert f"#line-{row.pk}" in response.content.decode()


@pytest.mark.parametrize(
    ("change", "field"), [({"text": ""}, "text"), ({"text": "x" * 201}, "text"), ({"step": "5"}, "step")]
)
def test_bad_input(org, change, field):
    owner = client_for(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org))
    response = owner.post(address(org), VALUES | change)
    assert list(response.context["form"].errors) == [field]
    assert not ReadinessLine.objects.exists()


def test_reader_and_stranger(org):
    reader = user_with(Role.READER, organisation=org)
    stranger = user_with(Role.CONTACT_ADMINISTRATOR, organisation=organisation())
    assert client_for(reader).post(address(org), VALUES).status_code == 403
    assert client_for(stranger).post(address(org), VALUES).status_code == 404
    assert not ReadinessLine.objects.exists()
