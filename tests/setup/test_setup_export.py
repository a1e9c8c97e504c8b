"""The file that is given out: only what the person may see stands in it."""

import pytest
from django.urls import reverse

from adgang.setup import structure_writing
from organisations.rights import PrivilegeType
from tests.factories.organisations import client_for, user_with

pytestmark = pytest.mark.django_db


def test_no_secret_and_no_internal_field_stands_in_it(authority):
    text = authority.text
    assert "BEGIN" not in text
    assert "search_text" not in text
    assert "version" not in text


def test_parts_that_one_may_not_see_cannot_be_chosen(authority, monkeypatch):
    person = user_with(PrivilegeType.LETTER_ADMINISTRATOR, organisation=authority.organisation)
    url = reverse("setup_export", args=[authority.organisation.cvr_number])
    text = client_for(person).get(url, {"del": ["systems", "ukendt"]}).content.decode()
    assert "\nsystems:" in text
    assert "\nletterTypes:" not in text


def test_too_deep_for_a_file_is_said(authority, monkeypatch):
    monkeypatch.setattr(structure_writing, "DEEPEST", 0)
    person = user_with(PrivilegeType.READER, organisation=authority.organisation)
    url = reverse("setup_export", args=[authority.organisation.cvr_number])
    answer = client_for(person).get(url, follow=True)
    assert "dybere" in answer.content.decode()
