"""A check for somebody else: as a file (`check_report_download`), and behind a link: `check_share`,
`check_link_revoke`, `check_shared`, `check_shared_download`.
"""

import datetime as dt
import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from adgang.lib.findings import finding
from adgang.logs import clean
from organisations.callers import Caller
from organisations.models import Event, SecretLink
from systems import check_report, sharing
from systems.models import CheckRun, Protocol, RunStatus, System, Trigger
from systems.views.sharing import TRIES_AN_HOUR
from tests.factories import organisations, systems
from tests.factories.organisations import client_for
from tests.systems.logged import tags
from tests.systems.people import CHANGE, READ, owner_client, statuses

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")


@pytest.fixture
def system() -> System:
    return systems.system(
        name="Brev motor/2",
        protocol=Protocol.SFTP,
        technical_contact_name="Hemmelig Person",
        technical_contact_email="person@example.org",
    )


@pytest.fixture
def run(system: System) -> CheckRun:
    found = {"fingerprint": "SHA256:abc", "address": "192.0.2.1", "internal": "not for others"}
    step = {
        "code": "DIAL",
        "place": "sftp.example:22",
        "status": "failed",
        "ms": 9,
        "found": found,
        "findings": [finding("dial.refused", address="192.0.2.1", port=22).as_json()],
    }
    target = {"ssh_host": "sftp.example", "ssh_port": 22, "token_created": "2026-01-01", "networks": ["192.0.2.9"]}
    made: CheckRun = CheckRun.objects.create(
        system=system,
        protocol="SFTP",
        trigger=Trigger.MANUAL,
        status=RunStatus.FAILED,
        requested_by=organisations.user(name="Hemmelig Kollega"),
        summary="dial.refused",
        finished=timezone.now(),
        target=target,
        steps=[step],
    )
    return made


def url(run: CheckRun, name: str, *args: object) -> str:
    below = [] if name == "system" else args or [run.pk]
    return reverse(name, args=[run.system.organisation.cvr_number, run.system_id, *below])


def shared(run: CheckRun, *, at: dt.datetime | None = None, days: int = 7) -> str:
    token = sharing.make(caller=CALLER, run=run, days=days, at=at or timezone.now())
    return reverse("check_shared", args=[token])


def test_the_people(run: CheckRun) -> None:
    assert statuses(run.system, "check_report_download", run.system_id, run.pk) == READ
    assert statuses(run.system, "check_share", run.system_id, run.pk) == CHANGE
    shared(run)
    link = SecretLink.objects.get()
    assert statuses(run.system, "check_link_revoke", run.system_id, link.pk) == CHANGE


def test_the_file_tells_all_in_both_languages_and_nothing_private(run: CheckRun) -> None:
    response = owner_client(run.system).get(url(run, "check_report_download"))
    told = json.loads(response.content)
    assert response["Content-Disposition"] == f'attachment; filename="Brev-motor-2-{run.created:%Y-%m-%d-%H%M}.json"'
    assert (told["format"], told["version"]) == ("adgang.connection-check", 1)
    assert told["target"] == {"sshHost": "sftp.example", "sshPort": 22}
    [step] = told["steps"]
    assert step["found"] == {"address": "192.0.2.1", "fingerprint": "SHA256:abc"}
    [found] = step["findings"]
    assert found["code"] == told["check"]["summary"]["code"] == "dial.refused"
    assert "afviste forbindelsen" in found["message"]["da"]
    assert "refused" in found["message"]["en"]
    assert all(found["remedy"].values())
    assert not re.search("Hemmelig|person@|internal|token|192.0.2.9", response.content.decode())


def test_the_form_of_the_file_is_the_documented_one(run: CheckRun) -> None:
    """What stands in the document's example has the keys of a real report."""
    text = (settings.BASE_DIR / "docs" / "check-report.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert keys(json.loads(example)) == keys(check_report.report(run))


def keys(value: object, path: str = "") -> set[str]:
    match value:
        case dict():
            below = [keys(inner, f"{path}.{name}") for name, inner in value.items() if name not in ("target", "found")]
            return set().union({f"{path}.{name}" for name in value}, *below)
        case [first, *_]:
            return keys(first, f"{path}[]")
    return set()


def test_an_open_check_is_not_shared(run: CheckRun) -> None:
    CheckRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING)
    pages = [url(run, name) for name in ("check_report_download", "check_share")]
    assert [owner_client(run.system).get(page).status_code for page in pages] == [404, 404]


def test_the_address_appears_once_and_only_its_hash_is_kept(run: CheckRun) -> None:
    client = owner_client(run.system)
    answer = client.post(url(run, "check_share"), {"days": "1"})
    [address] = set(re.findall(r"/rapport/[\w-]{43}/", answer.content.decode()))
    token = address.split("/")[2]
    assert "no-store" in answer["Cache-Control"]
    assert token not in client.get(url(run, "system")).content.decode()
    assert token not in str([*SecretLink.objects.values(), *Event.objects.values()])
    assert token not in clean(f"GET {address} and {address}rapport.json")
    assert tags(run.system.organisation) == ["CHECK_LINK_MADE"]
    assert SecretLink.objects.get().expires < timezone.now() + dt.timedelta(days=1, minutes=1)


def test_a_length_that_is_no_choice_is_refused(run: CheckRun) -> None:
    answer = owner_client(run.system).post(url(run, "check_share"), {"days": "365"})
    assert "error-summary" in answer.content.decode() or "form-error-message" in answer.content.decode()
    assert not SecretLink.objects.exists()


def test_a_vendor_without_an_account_sees_the_check(run: CheckRun) -> None:
    address = shared(run)
    page = Client().get(address)
    text = page.content.decode()
    assert "192.0.2.1 afviste forbindelsen på port 22" in text
    assert 'lang="en"' in text
    assert not re.search("Hemmelig|person@", text)
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert "refused the connection" in Client().get(f"{address}?sprog=en").content.decode()
    assert Client().get(f"{address}?sprog=xx").status_code == 200
    file_url = reverse("check_shared_download", args=[address.split("/")[2]])
    assert json.loads(Client().get(file_url).content)["check"]["id"] == str(run.pk)


def test_a_link_ends_and_can_be_revoked(run: CheckRun) -> None:
    late = shared(run, at=timezone.now() - dt.timedelta(days=2), days=1)
    revoked = shared(run)
    link = SecretLink.objects.order_by("-created").first()
    assert link is not None
    client = owner_client(run.system)
    assert "works no more" not in client.get(url(run, "check_link_revoke", link.pk)).content.decode()
    client.post(url(run, "check_link_revoke", link.pk))
    client.post(url(run, "check_link_revoke", link.pk))
    assert [Client().get(address).status_code for address in (late, revoked)] == [404, 404]
    assert tags(run.system.organisation).count("CHECK_LINK_REVOKED") == 1


def test_the_systems_page_lists_links_with_their_last_use(run: CheckRun) -> None:
    address, client = shared(run), owner_client(run.system)
    assert "Ikke endnu" in client.get(url(run, "system")).content.decode()
    Client().get(address)
    page = client.get(url(run, "system")).content.decode()
    assert "Links til kontroller" in page
    assert "Ikke endnu" not in page
    assert SecretLink.objects.get().used is not None


def test_a_link_of_another_system_is_not_revoked_here(run: CheckRun) -> None:
    shared(run)
    other = systems.system(organisation=run.system.organisation)
    link = SecretLink.objects.get()
    answer = owner_client(other).post(
        reverse("check_link_revoke", args=[other.organisation.cvr_number, other.pk, link.pk])
    )
    assert answer.status_code == 404
    assert SecretLink.objects.get().revoked is None


def test_no_link_opens_what_it_was_not_made_for(run: CheckRun) -> None:
    assert Client().get(reverse("check_shared", args=["a" * 43])).status_code == 404
    address = shared(run)
    SecretLink.objects.update(purpose=SecretLink.Purpose.CALENDAR)
    assert Client().get(address).status_code == 404
    assert client_for(None).post(address).status_code == 405


def test_guessing_is_slow(run: CheckRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("systems.views.sharing.TRIES_AN_HOUR", 2)
    address = shared(run)
    assert [Client().get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert TRIES_AN_HOUR > 2
    for url, title in (
        (f"{address}?sprog=da", "<h1>Vent lidt</h1>"),
        (f"{address}?sprog=en", "<h1>Wait a little</h1>"),
        (reverse("check_shared_download", args=[address.strip("/").split("/")[-1]]), "<h1>Vent lidt</h1>"),
    ):
        refused = Client().get(url, headers={"Accept-Language": "da"})
        assert title in refused.content.decode()
        assert 3500 < int(refused.headers["Retry-After"]) <= 3600
        assert (refused.status_code, refused.headers["Referrer-Policy"]) == (429, "no-referrer")
