"""Handing the log to a SIEM: to a file, and to a server over TCP and TLS."""

import json
import os
import socket
import ssl
import threading

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from organisations import event_forwarding, events
from organisations.callers import Caller
from organisations.event_forwarding import NoSuchPlace, place
from organisations.event_tags import Tag
from organisations.models import EventCursor, EventHead
from tests.factories.organisations import organisation, user
from tests.servers.certificates import authority, server_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def log(tmp_path, settings):
    path = tmp_path / "events.jsonl"
    settings.ADGANG_SIEM = f"file://{path}"
    return path


def written(org, name="Ny", **fields):
    return events.record(
        Caller.command("x"), org, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org, after={"name": name}, **fields)
    )


def forward():
    return event_forwarding.forward(at=timezone.now())


def names(path):
    return [json.loads(line)["after"]["name"] for line in path.read_text().splitlines()]


def test_each_entry_is_written_once_in_its_order(org, log):
    for name in "ab":
        written(org, name)
    assert (forward(), forward()) == (2, 0)
    written(org, "c")
    forward()
    assert names(log) == ["a", "b", "c"]


def test_a_line_is_what_is_sealed_with_its_seal_and_without_personal_values(org, log):
    person = user(name="Åse Prøvesen")
    event = events.record(
        Caller(user=person, channel="WEB", request_id="r"),
        org,
        events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org, after={"legal_contact_name": "Bo Skabelon"}),
    )
    forward()
    line = log.read_text()
    told = json.loads(line)
    assert "Prøvesen" not in line
    assert "Skabelon" not in line
    assert told["actor"] == str(person.pk)
    assert (
        events.chain_hash(events.canonical({k: v for k, v in told.items() if k != "hash"}))
        == told["hash"]
        == event.hash
    )


def test_a_file_that_was_moved_away_is_begun_anew(org, log):
    written(org, "a")
    forward()
    log.rename(log.with_suffix(".1"))
    written(org, "b")
    forward()
    assert names(log) == ["b"]
    assert log.stat().st_mode & 0o007 == 0


def test_what_could_not_be_sent_comes_next_time(org, log, settings):
    written(org, "a")
    settings.ADGANG_SIEM = f"file://{log.parent}/absent/events.jsonl"
    assert forward() == 0
    assert event_forwarding.oldest_waiting() is not None
    os.mkdir(log.parent / "absent")
    assert forward() == 1
    assert event_forwarding.oldest_waiting() is None


def test_a_worker_lost_between_sending_and_noting_sends_again(org, log, monkeypatch):
    written(org, "a")
    send = event_forwarding.send

    def killed(*args):
        send(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(event_forwarding, "send", killed)
    with pytest.raises(KeyboardInterrupt):
        forward()
    monkeypatch.setattr(event_forwarding, "send", send)
    forward()
    assert names(log) == ["a", "a"]


def test_two_workers_do_not_send_the_same(org, log):
    written(org)
    EventCursor.objects.create(organisation_id=org.pk, claimed_until=timezone.now() + event_forwarding.LEASE)
    assert forward() == 0
    assert event_forwarding.forward(at=timezone.now() + 2 * event_forwarding.LEASE) == 1


def test_nothing_is_sent_where_there_is_no_siem(org, settings):
    settings.ADGANG_SIEM = ""
    written(org)
    assert forward() == 0
    assert not EventCursor.objects.exists()


def test_once_more_since_a_day(org, log, capsys):
    written(org, "a")
    forward()
    call_command("forward_events", "--since", f"{timezone.localdate():%Y-%m-%d}")
    assert names(log) == ["a", "a"]
    assert "1" in capsys.readouterr().out


def test_the_command_without_a_siem(settings):
    settings.ADGANG_SIEM = ""
    with pytest.raises(CommandError) as refused:
        call_command("forward_events")
    assert refused.value.returncode == 2


class Listener(threading.Thread):
    """A server that reads until the other end is done, and hangs up."""

    def __init__(self, context=None):
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(10)
        self.port, self.context, self.read = self.server.getsockname()[1], context, b""

    def run(self):
        connection, _peer = self.server.accept()
        connection.settimeout(10)
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            while piece := connection.recv(65536):
                self.read += piece
            if self.context:
                connection.unwrap()
        except (ssl.SSLError, OSError):
            pass
        connection.close()
        self.server.close()


def frames(read):
    while read:
        length, _space, read = read.partition(b" ")
        yield read[: int(length)]
        read = read[int(length) :]


def test_syslog_over_tcp(org, settings):
    listener = Listener()
    listener.start()
    settings.ADGANG_SIEM = f"tcp://127.0.0.1:{listener.port}"
    written(org, "Ærø")
    written(org, "Fanø")
    assert forward() == 2
    listener.join(10)
    first, second = frames(listener.read)
    head, _bom, line = first.partition(b"\xef\xbb\xbf")
    fields = head.decode().split(" ")
    assert fields[0] == "<109>1"
    assert fields[1].endswith("Z")
    assert fields[3:7] == ["adgang", "-", "ORGANISATION_CHANGED", "-"]
    assert json.loads(line)["after"] == {"name": "Ærø"}
    assert b"Fan" in second


def test_a_server_that_nobody_vouches_for_gets_nothing(org, settings, tmp_path):
    root = authority()
    chain, key = server_certificate(root, "127.0.0.1").write(tmp_path)
    vouching = tmp_path / "root.pem"
    vouching.write_bytes(root.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    refused = Listener(context)
    refused.start()
    written(org)
    settings.ADGANG_SIEM = f"tls://127.0.0.1:{refused.port}"
    assert forward() == 0
    refused.join(10)
    trusted = Listener(context)
    trusted.start()
    settings.ADGANG_SIEM = f"tls://127.0.0.1:{trusted.port}"
    settings.ADGANG_SIEM_CA_FILE = str(vouching)
    assert forward() == 1
    trusted.join(10)
    assert (refused.read, len(list(frames(trusted.read)))) == (b"", 1)


def test_a_server_that_is_not_there(org, settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings.ADGANG_SIEM = f"tcp://127.0.0.1:{port}"
    written(org)
    assert forward() == 0
    assert EventHead.objects.get(pk=org.pk).seq == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://siem.example.dk",
        "tcp://siem.example.dk",
        "tls://a:b@host:1",
        "file://host/x",
        "file:///dir/",
        "x",
        "tcp://h:x",
    ],
)
def test_an_address_that_is_no_place(address):
    with pytest.raises(NoSuchPlace):
        place(address)
