"""The log level: changed for a time in every process, by the rows; never for what would write values."""

import datetime as dt
import json
import logging
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from organisations import log_levels, processes
from organisations.callers import Caller
from organisations.models import Event, LogLevel, RunningProcess
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
URL = "/drift/logniveau/"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def levels_as_before():
    yield
    LogLevel.objects.all().delete()
    log_levels.look(at=timezone.now())


def test_it_counts_in_every_process_and_falls_back_by_itself():
    at = timezone.now()
    LogLevel.objects.create(logger="systems", level="DEBUG", until=at + 10 * MINUTE)  # as another process does
    assert not logging.getLogger("systems.checking").isEnabledFor(logging.DEBUG)
    log_levels.look(at=at)
    assert logging.getLogger("systems.checking").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("contacts.moving").isEnabledFor(logging.DEBUG)
    log_levels.look(at=at + 11 * MINUTE)
    assert not logging.getLogger("systems.checking").isEnabledFor(logging.DEBUG)


def test_all_of_the_portal_but_not_the_sql():
    at = timezone.now()
    LogLevel.objects.create(logger="", level="DEBUG", until=at + MINUTE)
    LogLevel.objects.create(logger="memo", level="ERROR", until=at + MINUTE)
    log_levels.look(at=at)
    assert logging.getLogger("adgang.checks").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("memo.check").isEnabledFor(logging.WARNING)
    assert not logging.getLogger("django.db.backends").isEnabledFor(logging.INFO)
    assert not logging.getLogger("celery.app.trace").isEnabledFor(logging.WARNING)


@pytest.mark.parametrize("logger", ["django.db", "django.db.backends", "django", "kombu", "root"])
def test_what_would_write_values_cannot_be_raised(logger):
    with pytest.raises(CommandError):
        call_command("log_level", logger, "DEBUG")
    assert not LogLevel.objects.exists()


def test_on_the_page():
    manager = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    manager.post(URL, {"logger": "systems", "level": "DEBUG", "minutes": "5"})
    row = LogLevel.objects.get()
    assert 4 * MINUTE < row.until - timezone.now() <= 5 * MINUTE
    assert "DEBUG" in text(manager.get(URL))
    assert json.loads(Event.objects.get().payload)["after"] == {"logger": "systems", "level": "DEBUG", "minutes": 5}
    manager.post(URL, {"fall_back": "1"})
    assert not LogLevel.objects.exists()
    assert manager.post(URL, {"logger": "django.db", "level": "DEBUG", "minutes": "5"}).status_code == 200
    assert manager.post(URL, {"logger": "all", "level": "DEBUG", "minutes": "99999"}).status_code == 200
    assert not LogLevel.objects.exists()


def test_all_of_the_portal_is_a_choice_like_the_others():
    manager = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    assert "(frivilligt)" not in text(manager.get(URL))
    assert "Skriv højst 1440" in text(manager.post(URL, {"logger": "all", "level": "INFO", "minutes": "99999"}))
    manager.post(URL, {"logger": "all", "level": "INFO", "minutes": "5"})
    assert LogLevel.objects.get().logger == ""


def test_who_may():
    assert client_for(user_with(Role.READER, organisation=organisation())).get(URL).status_code == 404
    supporter = client_for(user_with(Role.SUPPORT, organisation=None))
    assert supporter.get(URL).status_code == 200
    assert supporter.post(URL, {"level": "DEBUG", "minutes": "5"}).status_code == 403


def test_the_command():
    out = StringIO()
    call_command("log_level", "debug", "--minutes", "7", stdout=out)
    assert LogLevel.objects.get().logger == ""
    assert out.getvalue().startswith("all DEBUG until ")
    call_command("log_level", "--reset", stdout=out)
    assert not LogLevel.objects.exists()
    with pytest.raises(CommandError):
        call_command("log_level", "loud")


def test_two_schedulers_are_told_from_one_that_was_started_again():
    at = timezone.now()

    def beat(started, seen):
        fields = {"kind": "beat", "host": "h", "pid": 1, "version": "1", "started": started, "seen": seen}
        return RunningProcess.objects.create(**fields)

    beat(at - 60 * MINUTE, at - MINUTE / 2)
    restarted = beat(at - MINUTE / 4, at)
    assert processes.beats_at_once(processes.running(at=at)) == 1
    restarted.delete()
    beat(at - 5 * MINUTE, at)
    assert processes.beats_at_once(processes.running(at=at)) == 2


def test_the_change_is_seen_by_whoever_made_it(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        log_levels.change(caller=Caller.command("x"), logger="memo", level="DEBUG", minutes=1, at=timezone.now())
    assert logging.getLogger("memo").isEnabledFor(logging.DEBUG)
