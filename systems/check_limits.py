"""How often people may ask for checks: kept in the database, for there are several processes.

Only runs that somebody asks for by hand or through the API count; scheduled ones have limits of their own.
"""

import datetime as dt
from collections.abc import Iterable

from adgang.lib.failures import Failure
from organisations.models import Organisation, User
from systems.models import CheckRun, Trigger

WINDOW = dt.timedelta(minutes=1)
PER_PERSON = 20
PER_ORGANISATION = 20
PER_HOST = 6
LIMITED = (Trigger.MANUAL, Trigger.API)


class TooManyChecks(Failure):
    """`code` is `limit.checks` or `limit.host`; `params["seconds"]` says when to try again."""


def guard(*, user: User | None, organisation: Organisation, hosts: Iterable[str], at: dt.datetime) -> None:
    """Raise `TooManyChecks` when one more run would pass a limit: of the person, the organisation or a host."""
    recent = CheckRun.objects.filter(created__gt=at - WINDOW, trigger__in=LIMITED)
    rows = list(recent.values_list("created", "requested_by_id", "system__organisation_id", "hosts"))
    if user:
        _limit([created for created, person, _, _ in rows if person == user.pk], PER_PERSON, "limit.checks", at)
    own = [created for created, _, owner, _ in rows if owner == organisation.pk]
    _limit(own, PER_ORGANISATION, "limit.checks", at)
    for host in hosts:
        _limit([created for created, _, _, dialled in rows if host in dialled], PER_HOST, "limit.host", at, host=host)


def _limit(times: list[dt.datetime], most: int, code: str, at: dt.datetime, **params: str) -> None:
    if len(times) >= most:
        wait = sorted(times)[-most] + WINDOW - at
        raise TooManyChecks(code, most=most, seconds=max(1, round(wait.total_seconds())), **params)
