"""A staged certificate comes into force on its date."""

import datetime as dt

import pytest
from django.utils import timezone

from organisations.callers import Caller
from systems.certificate_change import bring_into_force
from systems.models import System
from systems.notices import notices
from systems.tasks import bring_into_force as task
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system
from tests.systems.logged import changed, tags

pytestmark = pytest.mark.django_db
CALLER = Caller.task("test")
DAY = dt.timedelta(days=1)
AT = timezone.now()


def staged(begin: dt.datetime = AT, until: dt.datetime | None = None, **fields) -> System:
    org = organisation()
    first = certificates.certificate(organisation=org)
    following = certificates.certificate(organisation=org, until=until)
    return reread(
        system(
            organisation=org,
            certificate=first,
            next_certificate=following,
            next_certificate_from=begin,
            **fields,
        )
    )


def test_on_its_date():
    one = staged()
    assert bring_into_force(caller=CALLER, at=AT - DAY) == 0
    assert bring_into_force(caller=CALLER, at=AT) == 1
    now = reread(one)
    assert (now.certificate, now.next_certificate, now.next_certificate_from) == (one.next_certificate, None, None)
    assert now.version == 2
    assert tags(one.organisation) == ["CERTIFICATE_IN_FORCE"]
    assert changed(one.organisation, "CERTIFICATE_IN_FORCE")["certificate"] == (
        str(one.certificate),
        str(one.next_certificate),
    )


def test_twice_does_nothing():
    one = staged()
    assert [bring_into_force(caller=CALLER, at=AT) for _ in range(2)] == [1, 0]
    assert tags(one.organisation) == ["CERTIFICATE_IN_FORCE"]


def test_one_that_nothing_accepts_stays_staged_and_the_page_says_so():
    one = staged(begin=AT + 10 * DAY, until=AT + 5 * DAY)
    assert bring_into_force(caller=CALLER, at=AT + 10 * DAY) == 0
    now = reread(one)
    assert (now.certificate, now.next_certificate, now.version) == (one.certificate, one.next_certificate, 1)
    assert "system.next_certificate_unusable" in [found.code for found in notices(now, at=AT + 10 * DAY)]
    assert tags(one.organisation) == []


def test_the_task_takes_what_is_due():
    due, later = staged(), staged(begin=AT + DAY)
    task()
    assert reread(due).next_certificate is None
    assert reread(later).next_certificate is not None
