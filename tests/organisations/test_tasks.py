"""Background work of the room."""

import datetime as dt

import pytest
from django.conf import settings as project
from django.core import mail as outbox
from django.utils import timezone

from adgang.celery import app
from organisations import checkpoints, heartbeat, mail, tasks, tidying
from organisations.models import Mail, Privilege, SecretLink, Throttle
from tests.factories.organisations import Role, grant, organisation, user

pytestmark = pytest.mark.django_db


def test_every_tick_of_beat_is_a_task_there_is():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in project.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_waiting_mail_is_sent():
    person = user()
    mail.queue_mail(kind="password_reset", to=person.email, object_id=person.pk)
    tasks.send_waiting_mail()
    assert len(outbox.outbox) == 1


def test_rights_expire_and_notice_is_given():
    org = organisation()
    grant(user=user(), role=Role.READER, organisation=org, active_to=timezone.now() - dt.timedelta(hours=1))
    grant(user=user(), role=Role.READER, organisation=org, active_to=timezone.now() + dt.timedelta(hours=1))
    tasks.expire_rights()
    assert Privilege.objects.get().noticed is not None


def test_the_worker_shows_that_it_is_alive():
    assert heartbeat.last_beat("worker") is None
    tasks.worker_alive()
    first = heartbeat.last_beat("worker")
    tasks.worker_alive()
    assert heartbeat.last_beat("worker") >= first


def test_a_checkpoint_is_written_for_the_day(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    tasks.write_checkpoint()
    assert checkpoints.read(checkpoints.daily_path(timezone.localdate())).heads == []


def test_what_was_kept_long_enough_goes():
    now = timezone.now()
    old = Mail.objects.create(kind="x", to="x@example.org", sent=now)
    waiting = Mail.objects.create(kind="x", to="x@example.org", next_attempt=now)
    Mail.objects.update(created=now - dt.timedelta(days=31))
    young = Mail.objects.create(kind="x", to="x@example.org", sent=now)
    Throttle.objects.create(key="k", resets=now - dt.timedelta(seconds=1))
    SecretLink.objects.create(purpose="PASSWORD", object_id=old.pk, token_hash="h", expires=now - dt.timedelta(days=15))
    assert tidying.tidy(at=now) == 3
    assert set(Mail.objects.all()) == {waiting, young}
    tasks.tidy()
