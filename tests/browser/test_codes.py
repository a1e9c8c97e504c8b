"""Finding a code by its name, by keyboard alone; and marking as reviewed where the report stands."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import ContactPoint, ListedCode
from tests.contacts.people import authority
from tests.factories import contacts
from tests.factories.organisations import Role, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_code_is_found_by_its_name_and_the_point_is_marked_as_reviewed(sign_in):
    org = authority()
    point = contacts.point("Svaner", organisation=org, system=org.systems.get())
    ContactPoint.objects.update(created=timezone.now() - dt.timedelta(days=400))
    for number, name in (("90.01.02", "Svaneflokke"), ("90.01.04", "Svanereder")):
        ListedCode.objects.create(type="KLE", code=number, name=name, search_text=f"{number} {name.lower()}")
    page = sign_in(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org))
    page.goto(reverse("point_edit", args=[org.cvr_number, point.pk]))
    finder = page.get_by_role("combobox", name="Find en KLE- eller FORM-kode ud fra dens navn")
    finder.focus()
    page.keyboard.type("svane")
    expect(page.locator("#id_codes-found [role=option]:visible")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(finder).to_have_attribute("aria-activedescendant", "id_codes-found-2")
    page.keyboard.press("Enter")
    expect(page.locator("#id_codes-found")).to_be_hidden()
    expect(page.locator("#id_codes")).to_have_value("KLE:90.01.04::Svanereder")
    page.keyboard.type("svane")
    expect(page.locator("#id_codes-found [role=option]:visible")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#id_codes-found")).to_be_hidden()
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("90.01.04", exact=True)).to_be_visible()
    page.goto(reverse("structure_quality", args=[org.cvr_number]))
    page.get_by_role("button", name="Gennemgået Svaner").press("Enter")
    expect(page.get_by_text("Svaner er markeret som gennemgået.")).to_be_visible()
    assert ContactPoint.objects.get().reviewed is not None
