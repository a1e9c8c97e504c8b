"""A system fails, is cured and works again, as its administrator sees it: on the pages and in the mails."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.models import SshKey
from organisations import mail
from systems import checking, health_telling, scheduling
from systems.models import CheckRun, HealthRules, Protocol, System
from tests.factories import organisations, systems
from tests.factories.organisations import Role, user_with
from tests.servers.programs import free_port
from tests.servers.ssh import key_pair, ssh_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def work() -> None:
    """Do what the worker does: the check that waits, and the mails that come of it."""
    run = checking.claim(CheckRun.objects.open().get().pk)
    assert run
    checking.run(run)
    health_telling.tell(at=timezone.now())
    mail.send_waiting(at=timezone.now())


def test_a_failure_is_seen_cured_and_told(
    sign_in: Any,
    require_service: Callable[..., str],
    tmp_path: Path,
    settings: Any,
    mailoutbox: list[Any],
    axe: Any,
    no_sideways_scrolling: Any,
    shot: Any,
) -> None:
    require_service("openssh-client", "ssh-keygen")
    key = key_pair(tmp_path, "system")
    type_, blob = key.split()
    with ssh_server(require_service, authorized=[key]) as server:
        wrong = free_port()
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}" for port in (server.port, wrong)]
        owner = organisations.organisation(name="Klitby Kommune")
        HealthRules.objects.create(organisation=owner, failures=1, passes=1)
        system = systems.system(
            organisation=owner,
            protocol=Protocol.SFTP,
            name="Filudveksling",
            active=True,
            sftp_host="127.0.0.1",
            sftp_port=wrong,
            ssh_username=server.username,
            technical_contact_email="teknik@example.org",
            ssh_key=SshKey.objects.create(
                organisation=owner, type=type_, bits=256, fingerprint="SHA256:prøve", blob=blob, comment=""
            ),
        )
        page: Page = sign_in(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=owner, email="anna@example.org"))
        scheduling.tick(at=timezone.now())
        work()
        subjects = [(message.to[0], message.subject) for message in mailoutbox]
        assert sorted(subjects) == [
            (to, "Filudveksling fejler – Klitby Kommune – TEST") for to in ("anna@example.org", "teknik@example.org")
        ]
        page.goto(path(system))
        section = page.locator("section", has=page.get_by_role("heading", name="Driftsstatus", exact=True))
        expect(section.get_by_text("Fejler", exact=True)).to_be_visible()
        page.get_by_role("link", name="Ret", exact=True).click()
        page.locator("#id_sftp_port").fill(str(server.port))
        page.get_by_role("button", name="Gem").click()
        page.get_by_role("button", name="Test forbindelsen").first.click()
        expect(page.locator("#check")).to_have_attribute("data-status", "QUEUED")
        work()
        assert "Filudveksling virker igen – Klitby Kommune – TEST" in [message.subject for message in mailoutbox]
        page.goto(path(system))
        expect(section.get_by_text("Virker", exact=True)).to_be_visible()
        page.get_by_role("link", name="Se driftsstatus i detaljer").click()
        states = page.locator("section", has=page.get_by_role("heading", name="Hvornår driftsstatus ændrede sig"))
        expect(states.locator("tbody td:nth-child(2)")).to_have_text(["Virker", "Fejler"])
        page.get_by_text("Vis som tabel: De seneste 24 timer").click()
        axe(page)
        page.set_viewport_size({"width": 320, "height": 900})
        axe(page)
        no_sideways_scrolling(page)
        shot(page, "health-cured")


def path(system: System) -> str:
    """Return the path of the system's page."""
    return f"/o/{system.organisation.cvr_number}/systemer/{system.pk}/"
