"""Fetching revocation lists from an authority that lies, hangs, drips, redirects, or goes back in time."""

import datetime as dt
import json
import socket
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from certificates.anchors import installed_anchors
from certificates.details import read_details
from certificates.models import RevocationList, TrustAnchor
from certificates.revocation import fetching
from certificates.revocation.addresses import crl_address, ocsp_address, set_addresses
from certificates.revocation.answers import Answer, RevocationLists
from organisations.callers import Caller
from organisations.models import Event
from tests.factories import certificates as make
from tests.servers.plain import closed_port, tcp_server
from tests.servers.revocation import Publisher, http, publisher

pytestmark = pytest.mark.django_db

PATH = "/issuing.crl"
HOUR = dt.timedelta(hours=1)


def crl(*serials: int, at: dt.datetime, days: int = 1) -> bytes:
    return http(make.the_pki().crl(serials, at=at, days=days).public_bytes(Encoding.DER))


def locate(address: str) -> TrustAnchor:
    """Install the hierarchy, its list published at `address`."""
    issuing = next(anchor for anchor in make.install_anchors() if not anchor.is_root)
    set_addresses(caller=Caller.command("test"), anchor=issuing, crl=address, ocsp="")
    return issuing


@pytest.fixture
def authority(settings):
    with publisher() as made:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{made.port}"]
        locate(made.address(PATH))
        yield made


def stored() -> RevocationList:
    return RevocationList.objects.get(anchor__is_root=False)


def fetch(authority: Publisher, answer: bytes, *, at: dt.datetime) -> str:
    """Fetch what the authority answers; return the code of what was wrong, "" when the list was stored."""
    authority.files[PATH] = answer
    fetching.fetch_now(at=at)
    return (stored().failure or {}).get("code", "")


def answer(serial: int, *, at: dt.datetime) -> Answer:
    made = make.issued()
    details = read_details(made.der)
    object.__setattr__(details, "serial_number", serial)
    return RevocationLists().answer(details, installed_anchors(), at=at)


def test_a_list_is_fetched_verified_and_asked(authority: Publisher) -> None:
    at = timezone.now()
    assert fetch(authority, crl(5, at=at), at=at) == ""
    row = stored()
    assert (row.count, row.source, row.fetched) == (1, authority.address(PATH), at)
    assert at < row.due <= at + fetching.EVERY + dt.timedelta(minutes=1)
    gone, there = answer(5, at=at), answer(6, at=at)
    assert (gone.status, gone.source, gone.as_of) == ("revoked", "crl", row.this_update)
    assert (there.status, there.source, there.valid_until) == ("good", "crl", row.next_update)


def test_an_old_list_still_says_who_is_revoked_and_nothing_else(authority: Publisher) -> None:
    at = timezone.now()
    fetch(authority, crl(5, at=at), at=at)
    later = at + dt.timedelta(days=2)
    assert (answer(5, at=later).status, answer(6, at=later).status) == ("revoked", "unknown")
    assert answer(6, at=later).lack == "revocation.stale"


def test_without_a_list_nothing_is_known(authority: Publisher) -> None:
    assert answer(6, at=timezone.now()) == Answer(lack="revocation.no_list")


def test_a_list_never_goes_back(authority: Publisher) -> None:
    at = timezone.now()
    assert fetch(authority, crl(5, at=at), at=at) == ""
    assert fetch(authority, crl(at=at - HOUR), at=at + HOUR) == "crl.older"
    assert (stored().count, answer(5, at=at).status) == (1, "revoked")
    assert fetch(authority, crl(5, 6, at=at + HOUR), at=at + HOUR) == ""
    assert (stored().count, answer(6, at=at).status) == (2, "revoked")


def test_the_same_list_again_is_no_news(authority: Publisher) -> None:
    at = timezone.now()
    authority.files[PATH] = crl(5, at=at)
    assert len(fetching.fetch_now(at=at)) == 1
    assert fetching.fetch_now(at=at + HOUR) == []
    assert stored().fetched == at + HOUR


BAD = {
    "crl.malformed": http(b"<html>Log ind</html>"),
    "crl.not_fetched": http(b"", status=b"302 Found", headers=b"Location: http://127.0.0.1/\r\n"),
}


@pytest.mark.parametrize("code", BAD)
def test_what_is_no_list_leaves_the_stored_one(authority: Publisher, code: str) -> None:
    at = timezone.now()
    fetch(authority, crl(5, at=at), at=at)
    assert fetch(authority, BAD[code], at=at + HOUR) == code
    row = stored()
    assert (row.count, row.due) == (1, at + HOUR + fetching.AGAIN)
    assert "[crl" not in row.failure["params"].get("detail", "")


def test_a_forged_list_is_not_believed(authority: Publisher) -> None:
    at = timezone.now()
    forged = make.pki.make_pki(at=at - HOUR).crl([5], at=at)
    assert fetch(authority, http(forged.public_bytes(Encoding.DER)), at=at) == "crl.signature"
    assert answer(5, at=at).status == "unknown"


def test_a_list_without_end_is_cut_off(authority: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LIMIT_BYTES", 1000)
    assert fetch(authority, http(b"0" * 4000), at=timezone.now()) == "crl.not_fetched"
    assert stored().failure["params"]["detail"] == "http.large"


def test_a_dripping_server_is_left(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        while connection.send(b"0"):
            connection.settimeout(0.05)
            try:
                connection.recv(1)
            except TimeoutError:
                continue

    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    with tcp_server(drip) as port:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
        locate(f"http://127.0.0.1:{port}/")
        fetching.fetch_now(at=timezone.now())
    assert stored().failure["params"]["detail"] == "http.timeout"


def test_inner_addresses_stay_out_of_reach() -> None:
    locate(f"http://127.0.0.1:{closed_port()}/")
    fetching.fetch_now(at=timezone.now())
    assert stored().failure["params"]["detail"] == "dial.blocked"


def test_two_workers_fetch_a_list_once(authority: Publisher) -> None:
    at = timezone.now()
    authority.files[PATH] = crl(5, at=at)
    fetching.fetch_due(at=at)
    fetching.fetch_due(at=at)
    assert fetching.fetch_one(stored().pk, at=at) is None
    assert authority.asked == [PATH]


def test_known_authorities_have_known_addresses_and_what_they_say_of_themselves_counts_for_nothing() -> None:
    row = TrustAnchor(sha256="57c785236ad7c9c986b94d49abdafd1b955c5509338fa43a7ce0d66088c8af9b")
    assert crl_address(row) == "http://ca1.cti-gov.dk/oces/issuing/1/crl/issuing.crl"
    assert ocsp_address(row) == "http://ca1.cti-gov.dk/ocsp"
    assert (crl_address(TrustAnchor(sha256="00")), ocsp_address(TrustAnchor(sha256="00"))) == ("", "")


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("revocation", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def test_the_command_fetches_and_shows(authority: Publisher) -> None:
    at = timezone.now()
    authority.files[PATH] = crl(5, at=at)
    code, out = run("fetch")
    assert (code, "spærret: 1" in out) == (0, True)
    assert run("list")[1] == out


def test_the_command_tells_what_could_not_be_fetched(authority: Publisher) -> None:
    code, out = run("fetch")
    assert (code, "http.status" in out) == (1, True)


def test_the_command_takes_addresses_of_unknown_authorities_alone(authority: Publisher) -> None:
    issuing = TrustAnchor.objects.get(is_root=False)
    assert run("addresses", issuing.sha256.upper(), "--crl", "http://ca.example/a.crl")[0] == 0
    issuing.refresh_from_db()
    assert issuing.crl_address == "http://ca.example/a.crl"
    assert Event.objects.filter(tag="TRUST_ANCHOR_CHANGED").count() == 2
    assert run("addresses", "00")[0] == 1
    TrustAnchor.objects.update(pinned=True)
    assert run("addresses", issuing.sha256)[0] == 1


def test_check_certificate_says_what_the_stored_list_says(authority: Publisher, tmp_path: Path) -> None:
    at, path, made = timezone.now(), tmp_path / "a.pem", make.issued()
    path.write_bytes(made.pem)

    def said() -> tuple[int, str, list[str]]:
        out = StringIO()
        try:
            call_command("check_certificate", str(path), "--json", stdout=out)
        except SystemExit as refused:
            return int(str(refused.code)), *_told(out)
        return 0, *_told(out)

    assert said() == (0, "unknown", ["revocation.unknown"])
    fetch(authority, crl(at=at), at=at)
    assert said() == (0, "good", ["revocation.good"])
    fetch(authority, crl(made.certificate.serial_number, at=at + HOUR), at=at + HOUR)
    assert said() == (1, "revoked", ["revocation.revoked"])


def _told(out: StringIO) -> tuple[str, list[str]]:
    shown = json.loads(out.getvalue())
    return shown["revocation"], [found["code"] for found in shown["findings"]]


def test_the_open_check_says_it_too(authority: Publisher, client, settings) -> None:
    settings.ADGANG_PUBLIC_CHECKS = True
    at, made = timezone.now(), make.issued()
    fetch(authority, crl(made.certificate.serial_number, at=at), at=at)
    response = client.post(reverse("check_certificate"), {"text": made.pem.decode()})
    assert "Certifikatet blev spærret" in response.content.decode()
