"""Links that show one check to somebody without an account: only the hash is kept, and every link ends."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from adgang.lib import secrets
from adgang.lib.snapshots import as_json
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import SecretLink
from systems.models import CheckRun, System
from systems.writing import entry, record

PURPOSE = SecretLink.Purpose.CHECK_REPORT
DAYS = (1, 7, 30)
SHOWN = 20
# What is said of it is worn out, and a person who looks twice a minute does not need it written down.
USED_AGAIN_AFTER = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class SharedCheck:
    """A link as the system's page shows it; never the address itself."""

    link: SecretLink
    run: CheckRun
    at: dt.datetime

    @property
    def works(self) -> bool:
        """Whether it still opens anything."""
        return self.link.revoked is None and self.link.expires > self.at


@transaction.atomic
def make(*, caller: Caller, run: CheckRun, days: int, at: dt.datetime) -> str:
    """Return the token of a new link to a finished run, which is shown this once. Recorded."""
    token = secrets.new_token()
    link = SecretLink.objects.create(
        purpose=PURPOSE,
        object_id=run.pk,
        user=caller.user,
        token_hash=secrets.token_hash(token),
        expires=at + dt.timedelta(days=days),
    )
    _record(caller, run, Tag.CHECK_LINK_MADE, link)
    return token


@transaction.atomic
def revoke(*, caller: Caller, shared: SharedCheck, at: dt.datetime) -> bool:
    """End a link. Recorded; False when it had ended already."""
    if not SecretLink.objects.filter(pk=shared.link.pk, revoked=None, expires__gt=at).update(revoked=at):
        return False
    _record(caller, shared.run, Tag.CHECK_LINK_REVOKED, shared.link)
    return True


def _record(caller: Caller, run: CheckRun, tag: Tag, link: SecretLink) -> None:
    after = {"link": str(link.pk), "run": str(run.pk), "expires": as_json(link.expires)}
    record(caller, run.system.organisation, [entry(run.system, tag=tag, after=after)])


def links_of(system: System, *, at: dt.datetime) -> list[SharedCheck]:
    """Return the links to the system's checks, the newest first; those that have ended are among them. Two queries."""
    runs = CheckRun.objects.filter(system=system).defer("steps")
    links = _links().filter(object_id__in=runs.values("pk")).select_related("user").order_by("-created")
    found = list(links[:SHOWN])
    shown = runs.select_related("system__organisation").in_bulk({link.object_id for link in found}) if found else {}
    return [SharedCheck(link, shown[link.object_id], at) for link in found if link.object_id in shown]


def opened(token: str, *, at: dt.datetime) -> CheckRun | None:
    """Return the run that a token opens, and note that it was used; None when it opens nothing."""
    link = _links().filter(token_hash=secrets.token_hash(token), revoked=None, expires__gt=at).first()
    runs = CheckRun.objects.finished().select_related("system__organisation")
    run: CheckRun | None = runs.filter(pk=link.object_id).first() if link else None
    if link and run and (link.used is None or at - link.used > USED_AGAIN_AFTER):
        SecretLink.objects.filter(pk=link.pk).update(used=at)
    return run


def _links() -> QuerySet[SecretLink]:
    return SecretLink.objects.filter(purpose=PURPOSE)
