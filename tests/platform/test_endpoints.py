"""The demo's endpoints, asked by the libraries that everybody uses."""

import http.client
import os
import smtplib
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import paramiko
import pytest
from django.test import override_settings

from adgang.demo import addresses, server_keys
from adgang.demo.addresses import HOST, Endpoint
from adgang.lib import dial
from tests.servers.installation import ROOT, demo_ports
from tests.servers.programs import program

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The endpoints as a process; the first of their ports."""
    folder, port = tmp_path_factory.mktemp("endpoints"), demo_ports()
    environment = {"ADGANG_VAR_DIR": str(folder), "ADGANG_DEMO": "true", "ADGANG_DEMO_FIRST_PORT": str(port)}
    last = addresses.port(Endpoint.SFTP_REFUSING, first=port)  # listens last
    command = [sys.executable, "-m", "adgang.demo.endpoints"]
    with pytest.MonkeyPatch.context() as patched, override_settings(VAR_DIR=folder):
        patched.chdir(ROOT)
        for name, value in environment.items():
            patched.setenv(name, value)
        with program(command, last, folder / "log"):
            yield port


def mail(first: int, endpoint: Endpoint) -> smtplib.SMTP:
    client = smtplib.SMTP(HOST, addresses.port(endpoint, first=first), timeout=10)
    client.ehlo()
    return client


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server_keys.authority())


def test_mail_goes_well_up_to_the_mailbox(first: int) -> None:
    with mail(first, Endpoint.MAIL) as client:
        client.starttls(context=trusting())
        client.ehlo()
        assert client.mail("")[0] == 250
        assert [client.rcpt(f"{name}@demo.adgang.invalid")[0] for name in ("post", "ukendt", "travl")] == [
            250,
            550,
            451,
        ]


def test_mail_is_kept_to_be_looked_at(first: int) -> None:
    with mail(first, Endpoint.MAIL) as client:
        assert client.sendmail("a@demo.adgang.invalid", ["post@demo.adgang.invalid"], "Subject: x\r\n\r\nx") == {}


def test_an_expired_certificate(first: int) -> None:
    with mail(first, Endpoint.MAIL_EXPIRED) as client, pytest.raises(ssl.SSLError, match="certificate has expired"):
        client.starttls(context=trusting())


def test_no_starttls(first: int) -> None:
    with mail(first, Endpoint.MAIL_PLAIN) as client:
        assert not client.has_extn("starttls")


def test_silence(first: int) -> None:
    with socket.create_connection((HOST, addresses.port(Endpoint.MAIL_SILENT, first=first)), timeout=0.5) as client:
        client.sendall(b"EHLO me\r\n")
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_nobody_listens(first: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, addresses.port(Endpoint.CLOSED, first=first)), timeout=5)


def login(first: int, endpoint: Endpoint) -> paramiko.SFTPClient | None:
    transport = paramiko.Transport((HOST, addresses.port(endpoint, first=first)))
    transport.connect(username="demo", pkey=paramiko.ECDSAKey.generate())
    return paramiko.SFTPClient.from_transport(transport)


def test_sftp_accepts_every_key_and_takes_files_in_its_folders(first: int) -> None:
    client = login(first, Endpoint.SFTP)
    assert client
    with client:
        assert (client.listdir("."), client.listdir("ind")) == (["ind", "ud"], [])
        with pytest.raises(FileNotFoundError):
            client.listdir("elsewhere")
        with client.open("ind/file", "w") as written:
            written.write("prøve")
        client.remove("ind/file")
        with pytest.raises(PermissionError):
            client.open("file", "w")


def test_sftp_accepts_no_key(first: int) -> None:
    with pytest.raises(paramiko.AuthenticationException):
        login(first, Endpoint.SFTP_REFUSING)


@pytest.mark.parametrize(("endpoint", "same"), [(Endpoint.SFTP, True), (Endpoint.SFTP_CHANGED, False)])
def test_the_pinned_host_key(first: int, endpoint: Endpoint, same: bool) -> None:
    with paramiko.Transport((HOST, addresses.port(endpoint, first=first))) as transport:
        transport.start_client(timeout=10)
        shown = transport.get_remote_server_key()
    pinned = server_keys.pinned_line(endpoint)
    assert (f"{shown.get_name()} {shown.get_base64()}" == pinned) is same
    assert pinned.startswith("ssh-ed25519 ")


def test_https_asks_for_a_certificate_and_answers(first: int) -> None:
    connection = http.client.HTTPSConnection(HOST, addresses.port(Endpoint.HTTPS, first=first), context=trusting())
    connection.request("POST", "/memo", body=b"x")
    assert connection.getresponse().status == 200
    command = ["openssl", "s_client", "-connect", f"{HOST}:{addresses.port(Endpoint.HTTPS, first=first)}"]
    told = subprocess.run(command, input=b"", capture_output=True, check=False).stdout
    assert b"Acceptable client certificate CA names" in told or b"No client certificate CA names sent" in told


def test_keys_are_private_and_stay(first: int) -> None:
    folder = Path(os.environ["ADGANG_VAR_DIR"]) / "demo"
    secret = [
        path for path in folder.iterdir() if path.suffix in (".key", ".hostkey", ".pem") and "ca.pem" not in path.name
    ]
    assert {oct(path.stat().st_mode & 0o777) for path in secret} == {"0o600"}
    assert server_keys.pinned_line(Endpoint.SFTP) == server_keys.pinned_line(Endpoint.SFTP)


def test_the_dialler_may_reach_exactly_these(first: int) -> None:
    loopback = ip_address(HOST)
    with override_settings(ADGANG_CHECK_ALLOWED_NETWORKS=addresses.networks(first=first)):
        for endpoint in Endpoint:
            number = addresses.port(endpoint, first=first)
            assert dial.refusal(loopback, number, ports=dial.Ports.SMTP) is None
        for number in (first - 1, first + len(Endpoint)):
            assert dial.refusal(loopback, number, ports=dial.Ports.SMTP) == ("dial.blocked", "127.0.0.0/8 (loopback)")
        assert dial.refusal(ip_address("127.0.0.2"), first, ports=dial.Ports.SMTP)
