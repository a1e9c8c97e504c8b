"""Trying a call on the page of an operation: it is really sent, changed and told, the refusals too."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contacts.models import ContactGroup
from tests.api.calling import token_of
from tests.factories.organisations import Role, organisation, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_call_is_sent_from_its_page(sign_in, complaints):
    complaints.allowed |= {401, 404}
    own = organisation()
    token = token_of(own, Role.CONTACT_ADMINISTRATOR)
    page = sign_in(user_with(Role.READER, organisation=own))
    page.goto(reverse("operation", args=["group_create"]))
    status = page.locator(".api-status")
    page.get_by_role("button", name="Send").click()
    expect(status).to_contain_text("404")  # the path is not filled in yet
    page.get_by_label("org").fill(str(own.pk))
    page.get_by_role("button", name="Send").click()
    expect(status).to_contain_text("401")  # who is signed in counts for nothing
    page.get_by_label("Adgangstoken").fill(token)
    page.get_by_role("button", name="Send").click()
    expect(status).to_contain_text("201")
    expect(status).to_contain_text('ETag "1"')
    expect(page.locator(".api-body")).to_contain_text("Borgerservice")
    assert ContactGroup.objects.get().organisation == own
