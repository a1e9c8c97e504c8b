"""Telling webhooks: what is sent to whom, signed and over TLS, tried again, given up, switched off."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from organisations import events, webhook_sending, webhooks
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Event, Mail, Webhook, WebhookDelivery
from organisations.rights import PrivilegeType
from tests.factories.organisations import organisation, user_with
from tests.servers.certificates import authority, server_certificate
from tests.servers.https import server_context

CALLER = Caller.command("test")
AT = dt.datetime(2026, 11, 28, 12, 0, tzinfo=dt.UTC)


class Receiver:
    """A program that receives messages: what came, and the status it answers with."""

    def __init__(self, port=0):
        self.got, self.status, self.port = [], 204, port


@pytest.fixture
def receiver(tmp_path, settings):
    ca = authority()
    settings.ADGANG_EXTRA_CA_FILE = str(tmp_path / "ca.pem")
    (tmp_path / "ca.pem").write_bytes(ca.pem)
    with serving(tmp_path, server_certificate(ca, "127.0.0.1")) as running:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{running.port}"]
        yield running


@contextmanager
def serving(directory, issued):
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            self.send_response(receiver.status)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context: ssl.SSLContext = server_context(directory, issued)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def org():
    return organisation()


def webhook(org, port, **fields):
    made = Webhook(organisation=org, name="Modtager", url=f"https://127.0.0.1:{port}/adgang?x=1", **fields)
    webhooks.make(caller=CALLER, webhook=made)
    return made


def happens(org, tag=Tag.ORGANISATION_CHANGED):
    return events.record(CALLER, org, Entry(tag=tag, obj=org, after={"name": "Hemmeligt"}))


def tell(at=AT):
    webhook_sending.enqueue(at=at)
    return webhook_sending.send_due(at=at)


@pytest.mark.django_db
def test_a_signed_message_with_ids_and_tag_only(org, receiver):
    made = webhook(org, receiver.port)
    event = happens(org)
    assert tell() == 1
    ((headers, body),) = receiver.got
    assert json.loads(body) == {
        "eventId": str(event.pk),
        "eventTag": "ORGANISATION_CHANGED",
        "eventTime": event.time.isoformat().replace("+00:00", "Z"),
        "cvrNumber": org.cvr_number,
    }
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(made.secret, signed, hashlib.sha256).digest()).decode()
    assert headers["Webhook-Signature"] == f"v1,{mac}"
    assert int(headers["Webhook-Timestamp"]) == int(AT.timestamp())
    assert headers["Webhook-Id"] == str(WebhookDelivery.objects.get().pk)
    assert tell() == 0
    assert len(receiver.got) == 1


@pytest.mark.django_db
def test_only_what_is_wanted_of_ones_own(org, receiver):
    webhook(org, receiver.port, tags=[Tag.SYSTEM_CHANGED])
    happens(org)
    happens(org, Tag.EVENT_LOG_SEARCHES)
    happens(organisation(), Tag.SYSTEM_CHANGED)
    happens(org, Tag.SYSTEM_CHANGED)
    assert tell() == 1


@pytest.mark.django_db
def test_look_ups_are_nobodys_business(org, receiver):
    webhook(org, receiver.port)
    happens(org, Tag.EVENT_LOG_SEARCHES)
    assert tell() == 0


@pytest.mark.django_db
def test_what_does_not_arrive_is_tried_again_for_a_day(org, receiver):
    webhook(org, receiver.port)
    happens(org)
    receiver.status = 500
    assert tell() == 0
    message = WebhookDelivery.objects.get()
    assert (message.status, message.fault, message.next_attempt) == (500, "http.status", AT + dt.timedelta(seconds=30))
    assert tell(AT + dt.timedelta(seconds=29)) == 0
    assert len(receiver.got) == 1
    at, ids = AT, {receiver.got[0][0]["Webhook-Id"]}
    while (message := WebhookDelivery.objects.get()).next_attempt:
        at = message.next_attempt
        tell(at)
        ids.add(receiver.got[-1][0]["Webhook-Id"])
    assert dt.timedelta(hours=22) <= at - AT <= dt.timedelta(hours=24)
    assert 15 < message.attempts < 25
    assert len(ids) == 1
    receiver.status = 200
    webhooks.replay(delivery=message, at=at)
    assert tell(at) == 1
    assert Webhook.objects.get().failing_since is None


@pytest.mark.django_db
def test_a_silent_receiver_holds_up_one_message_a_tick(org, receiver):
    webhook(org, receiver.port)
    for _ in range(5):
        happens(org)
    receiver.status = 503
    tell()
    assert len(receiver.got) == 1
    receiver.status = 204
    assert tell() == 4


@pytest.mark.django_db
def test_after_three_days_of_failure_it_is_switched_off(org, receiver, django_capture_on_commit_callbacks):
    person = user_with(PrivilegeType.ORGANISATION_ADMINISTRATOR, organisation=org)
    made = webhook(org, receiver.port)
    receiver.status = 410
    for day in range(4):
        happens(org)
        tell(AT + dt.timedelta(days=day))
    fresh = Webhook.objects.get()
    assert not fresh.active
    assert fresh.switched_off == AT + dt.timedelta(days=3)
    assert Event.objects.filter(tag=Tag.WEBHOOK_SWITCHED_OFF).count() == 1
    mail = Mail.objects.get(kind="webhook_off")
    assert (mail.to, mail.object_id) == (person.email, made.pk)
    count = len(receiver.got)
    happens(org)
    tell(AT + dt.timedelta(days=4))
    assert len(receiver.got) == count
    # On again, what happened meanwhile is sent.
    receiver.status = 200
    webhooks.switch(caller=CALLER, webhook=fresh, version=fresh.version, on=True)
    assert tell(AT + dt.timedelta(days=4)) >= 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://10.0.0.1/", "dial.blocked"),
        ("https://[::1]/", "dial.blocked"),
        ("https://169.254.169.254/latest/", "dial.blocked"),
        ("https://127.0.0.1:22/", "dial.blocked"),
        ("https://0x7f000001/", None),
    ],
)
def test_nothing_is_sent_to_addresses_that_are_not_public(org, receiver, url, fault):
    made = webhook(org, receiver.port)
    Webhook.objects.filter(pk=made.pk).update(url=url)
    happens(org)
    assert tell() == 0
    message = WebhookDelivery.objects.get()
    assert message.fault == fault or (fault is None and message.fault)
    assert receiver.got == []


@pytest.mark.django_db
def test_a_certificate_of_nobody_we_trust_is_refused(org, tmp_path, receiver, settings):
    settings.ADGANG_EXTRA_CA_FILE = ""
    webhook(org, receiver.port)
    happens(org)
    assert tell() == 0
    assert WebhookDelivery.objects.get().fault == "http.tls"
    assert receiver.got == []


@pytest.mark.django_db
def test_a_claimed_message_is_not_sent_twice(org, receiver):
    webhook(org, receiver.port)
    happens(org)
    webhook_sending.enqueue(at=AT)
    message = WebhookDelivery.objects.get()
    assert webhook_sending._claim(message.pk, 0, at=AT)
    assert not webhook_sending._claim(message.pk, 0, at=AT)
    assert webhook_sending.send_due(at=AT) == 0
    # A worker that died leaves it to a later tick.
    assert webhook_sending.send_due(at=AT + webhook_sending.LEASE) == 1


@pytest.mark.django_db
def test_two_ticks_at_once_make_no_message_twice(org, receiver):
    made = webhook(org, receiver.port)
    happens(org)
    stale = Webhook.objects.get(pk=made.pk)
    assert webhook_sending.enqueue(at=AT) == 1
    assert webhook_sending._enqueue(stale, at=AT) == 0
    assert WebhookDelivery.objects.count() == 1


@pytest.mark.django_db
def test_the_mail(org, receiver):
    from organisations import mail_kinds

    made = webhook(org, receiver.port)
    mail = Mail(kind="webhook_off", to="a@example.dk", object_id=made.pk)
    assert mail_kinds.webhook_off(mail) is None  # it is on
    webhook_sending.switch_off(Webhook.objects.get(), at=timezone.now())
    assert str(made.pk) in mail_kinds.webhook_off(mail)["url"]
