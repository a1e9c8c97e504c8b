"""The SFTP door, against OpenSSH's own clients: who gets in, what they are told, what they cannot do."""

import datetime as dt
import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import paramiko
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from adgang.demo.equipping import new_public_key
from adgang.lib.secrets import UnreadableSecret
from adgang.sftp_door import server
from adgang.sftp_door.server import Door, listen
from organisations import keeping
from organisations.models import Blob
from systems import door
from systems.connected import connected
from systems.models import Protocol, System, SystemHealth
from tests.factories import certificates, systems
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db(transaction=True)


class Client:
    """OpenSSH's `ssh` and `sftp` with one key, which know the door's host key."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.key = folder, port, folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        out = StringIO()
        call_command("sftp_door", "--host-key", stdout=out)
        (folder / "known").write_text(f"[127.0.0.1]:{port} {' '.join(out.getvalue().split()[:2])}\n")

    @property
    def public(self) -> str:
        return self.key.with_suffix(".pub").read_text().strip()

    @property
    def options(self) -> list[str]:
        told = {
            "UserKnownHostsFile": self.folder / "known",
            "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "yes",
            "IdentitiesOnly": "yes",
            "BatchMode": "yes",
            "IdentityFile": self.key,
            "IdentityAgent": "none",
        }
        return ["-F", "/dev/null", *(part for name, value in told.items() for part in ("-o", f"{name}={value}"))]

    def ssh(self, username: str, *command: str) -> subprocess.CompletedProcess[str]:
        call = ["ssh", *self.options, "-p", str(self.port), f"{username}@127.0.0.1", *command]
        return subprocess.run(call, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)

    def sftp(self, username: str, *batch: str) -> subprocess.CompletedProcess[str]:
        call = ["sftp", *self.options, "-P", str(self.port), "-b", "-", f"{username}@127.0.0.1"]
        lines = "\n".join(batch) + "\n"
        return subprocess.run(call, capture_output=True, text=True, timeout=30, input=lines, cwd=self.folder)


@pytest.fixture
def client(tmp_path: Path, require_service: Callable[..., str]) -> Iterator[Client]:
    require_service("ssh")
    require_service("sftp")
    listener = listen("127.0.0.1", 0)
    open_door = Door(listener, host_key=door.host_key())
    serving = threading.Thread(target=open_door.serve, daemon=True)
    serving.start()
    yield Client(tmp_path, listener.getsockname()[1])
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    serving.join(5)
    assert not serving.is_alive()


@pytest.fixture
def system(client: Client) -> System:
    made = systems.system(protocol=Protocol.SFTP, active=True, ssh_username="loen-1a2b3c4d", networks=("127.0.0.1",))
    made.ssh_key = certificates.ssh_key(organisation=made.organisation, line=client.public)
    made.save()
    return made


def health(system: System) -> SystemHealth:
    return SystemHealth.objects.get(system=system)


def test_a_system_reads_that_it_is_accepted_and_counts_as_connected(client: Client, system: System) -> None:
    version = system.version
    listed = client.sftp(system.ssh_username, "ls -l", "get whoami.json")
    assert listed.returncode == 0, listed.stderr
    assert "whoami.en.json" in listed.stdout
    told = json.loads((client.folder / "whoami.json").read_text())
    assert (told["accepted"], told["system"]["id"]) == (True, str(system.pk))
    assert (told["key"]["code"], told["address"]["code"]) == ("call.key_accepted", "call.address_accepted")
    again = systems.reread(system)
    assert again.version == version
    assert connected(again, timezone.now())
    assert health(system).last_call["way"] == "SFTP"


def test_a_command_is_answered_and_not_carried_out(client: Client, system: System) -> None:
    answer = client.ssh(system.ssh_username, "whoami", "en")
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["key"]["message"].endswith("is accepted.")
    other = client.ssh(system.ssh_username, "touch", str(client.folder / "made"))
    assert json.loads(other.stdout)["key"]["message"].endswith("er accepteret.")
    assert not (client.folder / "made").exists()
    assert json.loads(client.ssh(system.ssh_username).stdout)["accepted"]  # a shell


def test_nothing_can_be_written_or_forwarded(client: Client, system: System) -> None:
    (client.folder / "mine.txt").write_text("x")
    for line in ("put mine.txt", "put mine.txt whoami.json", "mkdir new", "rm whoami.json", "rename whoami.json b"):
        assert client.sftp(system.ssh_username, line).returncode == 1, line
    assert client.sftp(system.ssh_username, "get ../../etc/passwd").returncode == 1
    assert client.sftp(system.ssh_username, "cd elsewhere").returncode == 1
    forwarded = client.ssh(system.ssh_username, "-o", "ExitOnForwardFailure=yes", "-W", "127.0.0.1:22")
    assert "SSH-2.0" not in forwarded.stdout


def test_the_next_key_counts_and_an_address_that_is_not_allowed_is_said(client: Client, system: System) -> None:
    system.ssh_key, system.next_ssh_key = (
        certificates.ssh_key(organisation=system.organisation, line=new_public_key("før").decode()),
        system.ssh_key,
    )
    system.save()
    system.allowed_ips.update(network="192.0.2.1")
    told = json.loads(client.ssh(system.ssh_username, "whoami").stdout)
    assert (told["accepted"], told["key"]["code"]) == (False, "call.key_next")
    assert told["address"] == {
        "accepted": False,
        "code": "call.address_refused",
        "address": "127.0.0.1",
        "message": told["address"]["message"],
        "remedy": told["address"]["remedy"],
    }
    assert health(system).last_seen is None
    page = owner_client(system).get(reverse("system", args=[system.organisation.cvr_number, system.pk]))
    assert "127.0.0.1 er ikke blandt de tilladte adresser." in page.content.decode()


def test_other_names_and_keys_stay_outside_alike(client: Client, system: System) -> None:
    unknown = client.ssh("nobody", "whoami")
    System.objects.filter(pk=system.pk).update(
        ssh_key=certificates.ssh_key(organisation=system.organisation, line=new_public_key("anden").decode())
    )
    wrong_key = client.ssh(system.ssh_username, "whoami")
    texts = {one.stderr.replace(system.ssh_username, "nobody") for one in (unknown, wrong_key)}
    assert {one.returncode for one in (unknown, wrong_key)} == {255}
    assert texts == {"nobody@127.0.0.1: Permission denied (publickey).\n"}
    assert health(system).last_call == {}


class Pretended(paramiko.PKey):
    """Shows one key and signs with another."""

    def __init__(self, shown: paramiko.PKey, signing: paramiko.PKey) -> None:
        self.shown, self.signing, self.public_blob = shown, signing, None

    def get_name(self) -> str:
        return "ssh-ed25519"

    def asbytes(self) -> bytes:
        return bytes(self.shown.asbytes())

    def sign_ssh_data(self, data: bytes, algorithm: str | None = None) -> Any:
        return self.signing.sign_ssh_data(data)


def test_who_knows_only_the_public_key_does_not_get_in(client: Client, system: System) -> None:
    """A key may be asked about; without its private part nobody signs in, and nothing counts as a call."""
    stranger = paramiko.Ed25519Key.from_private_key(StringIO(door.host_key().decode()))
    pretended = Pretended(paramiko.Ed25519Key(filename=str(client.key)), stranger)
    with socket.create_connection(("127.0.0.1", client.port)) as connection:
        transport = paramiko.Transport(connection)
        transport.start_client(timeout=10)
        with pytest.raises(paramiko.SSHException):
            transport.auth_publickey(system.ssh_username, pretended)
        assert not transport.is_authenticated()
        transport.close()
    assert health(system).last_call == {}


def test_few_at_once_from_one_network_and_few_a_minute(
    client: Client, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [socket.create_connection(("127.0.0.1", client.port)) for _ in range(server.PER_NETWORK)]
    greeted = [one.recv(len(server.IDENTIFICATION)) for one in waiting]
    assert set(greeted) == {server.IDENTIFICATION.encode()}
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as refused:
        assert refused.recv(1) == b""
    for one in waiting:
        one.close()
    monkeypatch.setattr(server, "A_MINUTE", 0)
    assert client.ssh(system.ssh_username, "whoami").returncode == 255


def test_who_does_not_sign_in_in_time_is_shown_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LOGIN_SECONDS", 0.1)
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as silent:
        while silent.recv(4096):
            pass


def test_something_else_than_ssh_is_no_fault_of_ours(client: Client, system: System) -> None:
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as browser:
        browser.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        browser.recv(1)
    assert client.ssh(system.ssh_username, "whoami").returncode == 0


class TestHostKey:
    def test_it_is_made_once_and_kept_encrypted(self) -> None:
        key = door.host_key()
        assert key == door.host_key()
        [kept] = Blob.objects.all()
        assert b"OPENSSH" in key
        assert b"OPENSSH" not in bytes(kept.encrypted)

    def test_without_the_keys_of_the_fields_it_cannot_be_read(self, settings: Any) -> None:
        door.host_key()
        settings.ADGANG_FIELD_KEYS = ["QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="]
        with pytest.raises(UnreadableSecret):
            door.host_key()

    def test_of_two_made_at_once_the_older_counts(self) -> None:
        key = door.host_key()
        Blob.objects.update(created=timezone.now() - dt.timedelta(minutes=1))
        keeping.keep(b"another", media_type=door.HOST_KEY_TYPE, filename="sftp-host-key")
        assert door.host_key() == key


def test_the_command_says_why_it_cannot_start(settings: Any) -> None:
    settings.ADGANG_SFTP_PORT = 0
    with pytest.raises(CommandError, match="ADGANG_SFTP_PORT"):
        call_command("sftp_door")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.ADGANG_SFTP_PORT = taken.getsockname()[1]
        with pytest.raises(CommandError, match="Nobody can listen"):
            call_command("sftp_door")


def test_the_page_shows_the_command_where_there_is_a_door(settings: Any) -> None:
    one = systems.system(protocol=Protocol.SFTP, ssh_username="loen-1")
    address = reverse("system", args=[one.organisation.cvr_number, one.pk])
    assert "ssh -p" not in owner_client(one).get(address).content.decode()
    settings.ADGANG_SFTP_PORT = 2222
    assert "ssh -p 2222 -i system_key loen-1@127.0.0.1 whoami" in owner_client(one).get(address).content.decode()
