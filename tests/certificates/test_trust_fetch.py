"""`manage.py trust fetch`: the known authorities from their publisher, believed for their fingerprints alone."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from certificates.authorities import Authority
from certificates.details import read_details
from certificates.kinds import Environment, Generation
from certificates.models import TrustAnchor
from organisations.models import Event
from tests.factories import certificates as make
from tests.servers.plain import closed_port, tcp_server

pytestmark = pytest.mark.django_db

FILES = {"/root.cer": make.the_pki().root.der, "/issuing.cer": make.the_pki().issuing.der}


def fetch(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("trust", "fetch", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@contextmanager
def publisher(files: dict[str, bytes]) -> Iterator[int]:
    """A web server with files."""

    def conversation(connection: socket.socket) -> None:
        path = connection.recv(4096).split(b" ")[1].decode()
        body = files.get(path)
        status = b"404 Not Found" if body is None else b"200 OK"
        connection.sendall(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body or b""), body or b""))

    with tcp_server(conversation) as port:
        yield port


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, settings):
    """Make the hierarchy of the tests known, published at a port of this machine."""

    def at(port: int, environment: Environment = Environment.PRODUCTION) -> None:
        rows = tuple(
            Authority(
                read_details(content).sha256,
                Generation.OCES3,
                environment,
                path,
                address=f"http://127.0.0.1:{port}{path}",
            )
            for path, content in FILES.items()
        )
        monkeypatch.setattr("certificates.authorities._KNOWN", rows)
        monkeypatch.setattr("certificates.trusting.KNOWN", {row.sha256: row for row in rows})
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]

    return at


@pytest.mark.parametrize("environment", Environment)
def test_both_are_installed_where_they_belong(known, environment: Environment) -> None:
    with publisher(FILES) as port:
        known(port, environment)
        code, out, err = fetch("--environment", environment)
        assert (code, out.count(": CN="), err) == (0, 2, "")
        assert fetch()[0] == 0  # again: no change
    installed = sorted(TrustAnchor.objects.values_list("environment", "is_root", "pinned"))
    assert installed == [(environment, False, True), (environment, True, True)]
    assert Event.objects.count() == 2


def test_another_certificate_under_the_address_is_not_believed(known) -> None:
    with publisher(FILES | {"/issuing.cer": make.pki.make_pki(at=make.START).issuing.der}) as port:
        known(port)
        code, _out, err = fetch("--environment", "production")
    assert (code, err.count("[trust.fingerprint]"), TrustAnchor.objects.count()) == (1, 1, 0)


@pytest.mark.parametrize("content", [b"<html>Log ind</html>", FILES["/root.cer"], FILES["/issuing.cer"][:-9]])
def test_what_is_no_such_certificate_is_not_believed(known, content: bytes) -> None:
    with publisher(FILES | {"/issuing.cer": content}) as port:
        known(port)
        code, _out, err = fetch("--environment", "production")
    assert (code, "[trust.fingerprint]" in err, TrustAnchor.objects.count()) == (1, True, 0)


def test_a_missing_file_installs_nothing(known) -> None:
    with publisher({"/root.cer": FILES["/root.cer"]}) as port:
        known(port)
        code, _out, err = fetch("--environment", "production")
    assert (code, "(http.status). [trust.not_fetched]" in err) == (1, True)
    assert not TrustAnchor.objects.exists()


def test_a_publisher_that_is_away_is_told(known) -> None:
    known(closed_port())
    code, _out, err = fetch("--environment", "production")
    assert (code, err.count("dial.refused"), TrustAnchor.objects.count()) == (1, 2, 0)


def test_the_dialler_keeps_inner_addresses_out(known, settings) -> None:
    with publisher(FILES) as port:
        known(port)
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = []
        code, _out, err = fetch("--environment", "production")
    assert (code, err.count("dial.blocked")) == (1, 2)
