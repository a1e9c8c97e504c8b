"""Before idleness ends a session there is a warning; what was written is never lost."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from organisations.models import Session, User
from organisations.rights import PrivilegeType as Role
from tests.factories.organisations import organisation, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MINUTE = 60_000


@pytest.fixture
def person() -> User:
    return user_with(Role.READER, organisation=organisation(), name="Vera Holm")


@pytest.fixture
def page(sign_in, person: User) -> Page:
    """A page with a form, its clock in the test's hands."""
    page = sign_in(person)
    page.clock.install()
    page.goto("/mig/")
    page.locator("#id_name").fill("Vera Holm Madsen")
    return page


def server_forgets(minutes: int) -> None:
    """Let the session's last sign of life lie so many minutes back on the server."""
    for row in Session.objects.all():
        data = row.get_decoded() | {"seen": (timezone.now() - dt.timedelta(minutes=minutes)).isoformat()}
        row.session_data = Session.objects.encode(data)
        row.save()


def warning(page: Page):
    return page.get_by_role("dialog")


def test_there_is_none_while_there_is_time(page):
    page.clock.run_for(55 * MINUTE)
    expect(warning(page)).to_be_hidden()


def test_the_session_can_be_prolonged(page, axe):
    server_forgets(58)
    page.clock.run_for(58 * MINUTE)
    expect(warning(page)).to_contain_text("Du bliver snart logget ud")
    axe(page)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="Bliv logget ind").click()
    assert answer.value.json() == {"seconds": 3600}
    expect(warning(page)).to_be_hidden()
    expect(page.locator("#id_name")).to_have_value("Vera Holm Madsen")


def test_after_the_end_one_logs_in_elsewhere_and_goes_on(page, person, axe, complaints):
    complaints.allowed.add(403)
    Session.objects.all().delete()
    page.clock.run_for(58 * MINUTE)
    expect(warning(page)).to_contain_text("Du er blevet logget ud")
    axe(page)
    log_in_elsewhere(page, person)
    page.get_by_role("button", name="Tilbage til siden").click()
    expect(warning(page)).to_be_hidden()
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("#id_name")).to_have_value("Vera Holm Madsen")
    person.refresh_from_db()
    assert person.name == "Vera Holm Madsen"


def log_in_elsewhere(page: Page, person: User) -> None:
    """Give the browser a new session and a new token, as the log-in page does in another window."""
    client = Client()
    client.force_login(person)
    url = page.url
    page.context.clear_cookies(name="csrftoken")
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
