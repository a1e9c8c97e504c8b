"""Sending given-up mails again: with a reason, as events, by who may change; and the whole page of the state."""

import json
from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone, translation

from adgang.operations import queue
from adgang.operations.state import state
from organisations.models import Event, Heartbeat, Mail, Webhook
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db
PAGE = "/drift/kontroller/"


@pytest.fixture
def manager():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def given_up(to="kim@example.org", **fields) -> Mail:
    return Mail.objects.create(kind="invitation", to=to, attempts=8, **{"error": "SMTPException()"} | fields)


def test_one_is_sent_again_with_a_reason(manager):
    mail, other = given_up(), given_up("eva@example.org")
    url = reverse("mail_again", args=[mail.pk])
    assert "kim@example.org" in text(manager.get(url))
    assert "SMTPException()" in text(manager.get(PAGE))
    assert "Begrundelse" in text(manager.post(url, {"reason": ""}))
    assert toasts(manager.post(url, {"reason": "Postserveren er tilbage"}))[-1] == "En mail forsøges igen."
    mail.refresh_from_db()
    other.refresh_from_db()
    assert (mail.attempts, mail.error, other.next_attempt) == (0, "", None)
    assert mail.next_attempt is not None
    payload = json.loads(Event.objects.get().payload)
    assert (payload["tag"], payload["reason"]) == ("MAIL_SENT_AGAIN", "Postserveren er tilbage")
    assert "kim@example.org" not in Event.objects.get().payload
    assert manager.get(url).status_code == 404


def test_all_at_once_but_not_what_nobody_wants(manager):
    given_up(), given_up("eva@example.org")
    unwanted = given_up(error="not wanted any more")
    manager.post(reverse("mails_again"), {"reason": "Postserveren er tilbage"})
    assert Mail.objects.exclude(next_attempt=None).count() == 2
    unwanted.refresh_from_db()
    assert unwanted.next_attempt is None
    assert Event.objects.count() == 2


def test_support_may_look_only():
    mail = given_up()
    supporter = client_for(user_with(Role.SUPPORT, organisation=None))
    assert "Send igen" not in text(supporter.get(PAGE))
    assert supporter.post(reverse("mail_again", args=[mail.pk]), {"reason": "x"}).status_code == 403
    stranger = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation()))
    assert stranger.post(reverse("mails_again"), {"reason": "x"}).status_code == 404


def test_the_page_names_every_part_and_its_cure(manager):
    anchor = next(one for one in certificates.install_anchors() if not one.is_root)
    anchor.crl_address = "http://ca.example/issuing.crl"
    anchor.save()
    anchor.revocation_list = anchor.revocation_list if hasattr(anchor, "revocation_list") else None
    Webhook.objects.create(organisation=organisation(), name="a", url="https://a.example", failing_since=timezone.now())
    with mock.patch("adgang.operations.figures.shutil.disk_usage", return_value=mock.Mock(free=5, total=100)):
        page = text(manager.get(PAGE))
    assert "5 % fri" in page
    assert "Skaf plads" in page
    assert "1 fejler, 0 beskeder venter" in page
    assert "SIEM" in page
    assert {*state(at=timezone.now())} == {*queue.LABELS}


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_command_tells_the_same(language):
    with translation.override(language):
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("status", stdout=out)
        assert ended.value.code == 1
        assert str(queue.LABELS["worker"][1]) in out.getvalue()
    for name in ("worker", "checks", "schedule"):
        Heartbeat.objects.create(name=name, beat=timezone.now())
    out = StringIO()
    call_command("status", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["status"], told["checks"]["broker"]["status"]) == ("ok", "ok")


def test_the_command_without_a_database():
    def refuse(execute, sql, params, many, context):
        raise OperationalError("the connection is gone")

    out = StringIO()
    with connection.execute_wrapper(refuse), pytest.raises(SystemExit) as ended:
        call_command("status", stdout=out)
    assert ended.value.code == 2
    assert "✗ Database" in out.getvalue()


def test_a_queue_that_does_not_answer(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    found = state(at=timezone.now())["broker"]
    assert (found.health, list(found.found)) == ("degraded", ["error"])
