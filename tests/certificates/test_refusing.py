"""What was accepted once and is no longer: found by night, one event for each change, told once."""

import datetime as dt
import json
import uuid

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, KeyStanding, SshKey, Standing, TrustAnchor
from certificates.revocation import mails, rechecking, refusing
from organisations.mail import send_waiting
from organisations.models import Event, Mail
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, organisation, user, user_with

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def kept(**options: object) -> Certificate:
    """Return a certificate of which the issuer has been asked, and the first night been told."""
    made = make.certificate(**({"organisation": organisation()} | options))
    Standing.objects.filter(pk=made.pk).update(pending=False)
    return made


def night(number: int, now: dt.datetime) -> None:
    rechecking.recheck_due(at=now + 2 * number * DAY)


def logged(credential: Certificate | SshKey) -> list[tuple[str, object, object]]:
    events = Event.objects.filter(object_id=credential.pk, tag__startswith="CREDENTIAL_").order_by("seq")
    told = [(event.tag, json.loads(event.payload)) for event in events]
    return [(tag, codes(payload["before"]), codes(payload["after"])) for tag, payload in told]


def codes(logged_values: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["code"] for one in logged_values["findings"]]


def without_issuer() -> list[TrustAnchor]:
    gone = list(TrustAnchor.objects.all())
    TrustAnchor.objects.all().delete()
    return gone


def test_each_change_is_one_event_and_the_same_night_after_night_none(now: dt.datetime) -> None:
    mine = kept()
    night(0, now)
    assert logged(mine) == []
    gone = without_issuer()
    night(1, now)
    refused = ("CREDENTIAL_REFUSED", [], ["path.unknown_issuer"])
    assert (logged(mine), Standing.objects.get().untold) == ([refused], True)
    night(2, now)
    assert logged(mine) == [refused]
    TrustAnchor.objects.bulk_create(gone)
    night(3, now)
    assert logged(mine) == [refused, ("CREDENTIAL_ACCEPTED_AGAIN", ["path.unknown_issuer"], [])]
    assert not Standing.objects.get().untold


def test_a_key_that_a_sharper_rule_refuses(settings, now: dt.datetime) -> None:
    public = make.pki.new_key(2048).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    key = make.ssh_key(organisation=organisation(), line=public)
    night(0, now)
    settings.ADGANG_REFUSE_SHORT_RSA = True
    night(1, now)
    assert [tag for tag, *_ in logged(key)] == ["CREDENTIAL_REFUSED"]
    assert KeyStanding.objects.get().untold


def test_the_log_says_in_words_what_refuses_it(now: dt.datetime) -> None:
    mine = kept()
    night(0, now)
    without_issuer()
    night(1, now)
    event = Event.objects.get(object_id=mine.pk, tag="CREDENTIAL_REFUSED")
    reader = client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, Role.READER, organisation=mine.organisation))
    page = reader.get(reverse("event", args=[mine.organisation.cvr_number, event.pk])).content.decode()
    assert "Certifikat eller nøgle godkendes ikke længere" in page
    assert "som ikke er en af de udstedere, der er tillid til her" in page


def test_that_it_expires_or_is_revoked_is_told_elsewhere(now: dt.datetime) -> None:
    mine = kept(until=now + DAY)
    night(0, now)
    night(1, now)
    assert "date.expired" in [one["code"] for one in Standing.objects.get().findings]
    assert (logged(mine), Standing.objects.get().untold) == ([], False)


def test_the_person_is_told_of_their_own_certificate_once(now: dt.datetime, mailoutbox) -> None:
    owner = user(language="en")
    kept(user=owner)
    night(0, now)
    without_issuer()
    night(1, now)
    night(2, now)
    assert list(Mail.objects.values_list("kind", "to")) == [("own_certificate_refused", owner.email)]
    send_waiting(at=timezone.now())
    assert mailoutbox[0].subject.startswith("Your employee certificate is no longer accepted")
    assert "which is not one of the authorities trusted here" in mailoutbox[0].body
    mail = Mail.objects.get()
    Standing.objects.update(findings=[])
    assert mails.refused_mail(mail) is None
    Certificate.objects.all().delete()
    assert mails.refused_mail(mail) is None


def test_what_is_wrong_with_one_lets_its_neighbours_come_due_and_no_others(now: dt.datetime) -> None:
    here = organisation()
    first, neighbour, elsewhere = kept(organisation=here), kept(organisation=here, name="b"), kept()
    night(0, now)
    without_issuer()
    later = now + DAY / 2
    Standing.objects.update(due=later + DAY)
    Standing.objects.filter(pk=first.pk).update(due=later)
    rechecking.recheck_due(at=later)
    due = dict(Standing.objects.values_list("pk", "due"))
    assert (due[neighbour.pk], due[elsewhere.pk]) == (later, later + DAY)
    assert due[first.pk] > later
    rechecking.recheck_due(at=later)
    assert Standing.objects.filter(untold=True).count() == 2


def test_of_what_another_worker_has_claimed_since_nothing_is_written(now: dt.datetime) -> None:
    mine = kept()
    night(0, now)
    row = Standing.objects.select_related("certificate__organisation").get()
    found = [
        refusing.Finding.from_json({"code": "path.unknown_issuer", "severity": "error", "params": {"issuer": "X"}})
    ]
    refusing.keep(Standing, refusing.changes(row, found), batch=uuid.uuid4(), at=now)
    assert (logged(mine), Standing.objects.get().errors) == ([], [])
