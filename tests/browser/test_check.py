"""A connection check in a browser: pressed, followed, over; by eye, by ear and without scripts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from certificates.models import SshKey
from organisations.models import User
from systems import checking
from systems.models import CheckRun, Protocol, System
from tests.factories import organisations, systems
from tests.factories.organisations import Role, user_with
from tests.servers.ssh import SshServer, key_pair, ssh_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def key(tmp_path: Path, require_service: Callable[..., str]) -> str:
    require_service("openssh-client", "ssh-keygen")
    return key_pair(tmp_path, "system")


@pytest.fixture
def server(require_service: Callable[..., str], key: str) -> Iterator[SshServer]:
    with ssh_server(require_service, authorized=[key]) as running:
        yield running


@pytest.fixture
def system(server: SshServer, key: str, settings: Any) -> System:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{server.port}"]
    settings.ADGANG_EGRESS_ADDRESSES = ["193.3.230.7", "2a00:1450:400f::7"]
    owner = organisations.organisation()
    type_, blob = key.split()
    return systems.system(
        organisation=owner,
        protocol=Protocol.SFTP,
        name="Filudveksling",
        sftp_host="127.0.0.1",
        sftp_port=server.port,
        ssh_username=server.username,
        ssh_key=SshKey.objects.create(
            organisation=owner, type=type_, bits=256, fingerprint="SHA256:prøve", blob=blob, comment=""
        ),
    )


@pytest.fixture
def administrator(system: System) -> User:
    return user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=system.organisation)


def system_path(system: System) -> str:
    return f"/o/{system.organisation.cvr_number}/systemer/{system.pk}/"


@pytest.mark.parametrize("width", [1280, 320])
def test_steps_appear_while_the_check_runs(
    sign_in: Any,
    system: System,
    administrator: User,
    axe: Any,
    no_sideways_scrolling: Any,
    shot: Any,
    width: int,
) -> None:
    page: Page = sign_in(administrator, width=width)
    page.goto(system_path(system))
    page.get_by_role("button", name="Test forbindelsen").first.click()
    expect(page.locator("#check")).to_have_attribute("data-status", "QUEUED")
    run = checking.claim(CheckRun.objects.get().pk)
    assert run
    expect(page.locator("#check")).to_have_attribute("data-status", "RUNNING")
    axe(page)
    no_sideways_scrolling(page)
    shot(page, f"check-running-{width}")
    # The focus stays where the reader has put it, however often the steps are renewed.
    page.get_by_role("link", name="Systemer").first.focus()
    checking.run(run)
    expect(page.locator("#check")).to_have_attribute("data-status", "WARNING")
    expect(page.locator(":focus")).to_have_text("Systemer")
    expect(page.locator(".check-step--ok")).to_have_count(6)
    expect(page.locator("#check-announcement")).to_contain_text("Kontrollen er slut: Bestået med bemærkninger.")
    axe(page)
    no_sideways_scrolling(page)
    shot(page, f"check-over-{width}")
    page.locator("summary").first.click()
    axe(page)
    page.get_by_role("link", name="Bekræft serverens nøgle").click()
    axe(page)
    page.get_by_role("button", name="Ja, det er den rigtige nøgle").click()
    expect(page.get_by_text("Serverens nøgle er bekræftet.")).to_be_visible()
    system.refresh_from_db()
    assert system.pinned_host_key.startswith("ssh-ed25519 ")
    page.get_by_role("button", name="Test forbindelsen igen").click()
    expect(page.locator("#check")).to_have_attribute("data-status", "QUEUED")
    again = checking.claim(CheckRun.objects.open().get().pk)
    assert again
    checking.run(again)
    expect(page.locator("#check")).to_have_attribute("data-status", "PASSED")
    page.get_by_role("link", name="Alle systemets kontroller").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    axe(page)
    no_sideways_scrolling(page)
    shot(page, f"checks-{width}")


def test_a_failed_check_and_its_cure_in_english(
    new_context: Any, system: System, administrator: User, axe: Any, shot: Any
) -> None:
    System.objects.filter(pk=system.pk).update(ssh_username="findes-ikke")
    page = new_context(administrator, language="en").new_page()
    page.goto(system_path(system))
    page.get_by_role("button", name="Test the connection").first.click()
    expect(page.locator("#check")).to_have_attribute("data-status", "QUEUED")
    run = checking.claim(CheckRun.objects.get().pk)
    assert run
    checking.run(run)
    expect(page.locator("#check")).to_have_attribute("data-status", "FAILED")
    expect(page.locator(".alert-error")).to_contain_text("The server does not know the user findes-ikke")
    expect(page.locator(":focus")).to_have_count(0)
    axe(page)
    shot(page, "check-failed-en")
    page.goto(system_path(system))
    expect(page.locator("section", has=page.locator("#latest-check"))).to_contain_text("Failed")
    axe(page)


def test_without_scripts_the_page_is_loaded_again(new_context: Any, system: System, administrator: User) -> None:
    page = new_context(administrator, scripts=False).new_page()
    page.goto(system_path(system))
    page.get_by_role("button", name="Test forbindelsen").first.click()
    expect(page.locator("#check")).to_have_attribute("data-status", "QUEUED")
    run = checking.claim(CheckRun.objects.get().pk)
    assert run
    checking.run(run)
    page.get_by_role("link", name="Genindlæs siden").click()
    expect(page.locator("#check")).to_have_attribute("data-status", "WARNING")


def test_by_keyboard_alone(sign_in: Any, system: System, administrator: User) -> None:
    page: Page = sign_in(administrator)
    page.goto(system_path(system))
    button = page.get_by_role("button", name="Test forbindelsen").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#check")).to_have_attribute("data-status", "QUEUED")
