"""What each process looks after beside its work: what another process has switched on, planned or announced."""

import datetime as dt
import logging

import pytest
from django.core.cache import cache
from django.utils import timezone

from adgang.operations import pulse
from organisations import announcements, log_levels, maintenance
from organisations.callers import Caller, Channel
from organisations.models import Announcement, LogLevel, Maintenance
from tests.factories.organisations import user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    yield
    cache.clear()
    LogLevel.objects.all().delete()
    log_levels.look(at=timezone.now())


def test_what_another_process_wrote_counts_here_after_a_look():
    at, caller = timezone.now(), Caller(user=user(), channel=Channel.WEB, request_id="r")
    Maintenance.objects.create(mode=Maintenance.Mode.READ_ONLY, starts=at, reason="Ny version")
    LogLevel.objects.create(logger="adgang.checks", level="DEBUG", until=at + dt.timedelta(minutes=5))
    texts = {"title_da": "Nyt", "title_en": "News", "text_da": "a", "text_en": "b"}
    told = Announcement.objects.create(starts=at, **texts)
    assert maintenance.current(at=at) is None
    assert announcements.shown(caller, None, at=at) == []
    pulse.look()
    assert maintenance.current(at=at) is not None
    assert announcements.shown(caller, None, at=at) == [told]
    assert logging.getLogger("adgang.checks").isEnabledFor(logging.DEBUG)
