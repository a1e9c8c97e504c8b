"""Fetching the revocation lists of the installed authorities: a row each, claimed, verified, never going back."""

import datetime as dt
import random
import uuid

import structlog
from django.db import transaction
from django.db.models import Q

from adgang.lib.connections import release_connection
from adgang.lib.deadlines import Deadline
from adgang.lib.dial import Ports
from adgang.lib.failures import Failure
from adgang.lib.findings import Finding, finding
from adgang.lib.http import fetch
from certificates.details import read_details
from certificates.models import RevocationList, TrustAnchor
from certificates.revocation.addresses import crl_address
from certificates.revocation.lists import ReadList, read_list

log = structlog.get_logger("adgang.revocation")

SECONDS = 60  # for one list
LIMIT_BYTES = 64 * 1024 * 1024
# A list is fetched this often, and more often near its end; after a failure sooner still.
EVERY = dt.timedelta(hours=1)
AGAIN = dt.timedelta(minutes=5)
# So long a worker keeps what it has claimed; then another may try.
LEASE = dt.timedelta(minutes=3)


def fetch_due(*, at: dt.datetime) -> list[RevocationList]:
    """Fetch every list that is due; return the rows in which a newer list was stored."""
    for anchor in TrustAnchor.objects.filter(revocation_list=None, not_after__gte=at):
        RevocationList.objects.get_or_create(anchor=anchor, defaults={"due": at})
    due = RevocationList.objects.filter(due__lte=at, anchor__not_after__gte=at).values_list("pk", flat=True)
    return [row for anchor_id in list(due) if (row := fetch_one(anchor_id, at=at))]


def fetch_now(*, at: dt.datetime) -> list[RevocationList]:
    """Fetch every list, due or not; return the rows in which a newer list was stored."""
    RevocationList.objects.update(due=at)
    return fetch_due(at=at)


def fetch_one(anchor_id: uuid.UUID, *, at: dt.datetime) -> RevocationList | None:
    """Fetch the list of an authority, unless another worker does; return the row when a newer list was stored."""
    claimed = RevocationList.objects.filter(pk=anchor_id, due__lte=at).update(due=at + LEASE, attempted=at)
    if not claimed:
        return None
    row = RevocationList.objects.defer("entries").select_related("anchor").get(pk=anchor_id)
    outcome = _fetch(row.anchor, at)
    if isinstance(outcome, Finding):
        _keep(row, outcome, at)
        return None
    return _store(row, outcome, at)


def _fetch(anchor: TrustAnchor, at: dt.datetime) -> ReadList | Finding:
    address, authority = crl_address(anchor), read_details(anchor.der)
    if not address:
        return finding("crl.no_address", issuer=authority.title)
    release_connection()
    try:
        answer = fetch(address, limit=LIMIT_BYTES, deadline=Deadline(SECONDS), ports=Ports.REVOCATION)
    except Failure as failure:
        return finding("crl.not_fetched", address=address, detail=failure.code)
    try:
        return read_list(answer.body, authority=authority, address=address, at=at)
    except Failure as failure:
        return finding(failure.code, **failure.params)


def _keep(row: RevocationList, why: Finding, at: dt.datetime) -> None:
    """Keep the list that is stored, and say why there is no newer one."""
    log.warning("revocation list not stored", issuer=row.anchor.subject, code=why.code, found=dict(why.params))
    RevocationList.objects.filter(pk=row.pk).update(failure=why.as_json(), due=at + AGAIN)


def _store(row: RevocationList, read: ReadList, at: dt.datetime) -> RevocationList | None:
    """Store a list unless a newer one stands there: one conditional UPDATE decides, whoever else fetches."""
    changed = read.sha256 != row.sha256
    values = {
        "number": read.number,
        "this_update": read.this_update,
        "next_update": read.next_update,
        "source": crl_address(row.anchor),
        "sha256": read.sha256,
        "count": read.count,
        "fetched": at,
        "failure": None,
        "due": next_fetch(read.next_update, at),
    }
    entries = {"entries": read.entries} if changed else {}
    with transaction.atomic():
        stored = RevocationList.objects.select_for_update().defer("entries").get(pk=row.pk)
        if _is_older(read, stored):
            _keep(row, finding("crl.older", as_of=stored.this_update), at)
            return None
        RevocationList.objects.filter(pk=row.pk).update(**values, **entries)
    log.info("revocation list stored", issuer=row.anchor.subject, number=read.number, count=read.count, changed=changed)
    row.refresh_from_db(fields=[*values])
    return row if changed else None


def _is_older(read: ReadList, stored: RevocationList) -> bool:
    """A list must not go back: somebody may be playing an old one again, in which a certificate is not revoked yet."""
    if stored.this_update is None:
        return False
    backwards = bool(read.number and stored.number) and int(read.number) < int(stored.number)
    return backwards or read.this_update < stored.this_update


def next_fetch(next_update: dt.datetime, at: dt.datetime) -> dt.datetime:
    """Return when the list is fetched next: hourly, and some minutes before it runs out; never all at one moment."""
    jitter = dt.timedelta(seconds=random.uniform(0, 60))  # noqa: S311 – no secret
    return max(min(at + EVERY, next_update - AGAIN), at + dt.timedelta(minutes=1)) + jitter


def overdue(*, at: dt.datetime) -> int:
    """Return how many authorities in use have no list that is good at `at`, though their address is known."""
    good = Q(next_update__gte=at)
    rows = RevocationList.objects.exclude(good).filter(anchor__not_after__gte=at).defer("entries")
    return sum(bool(crl_address(row.anchor)) for row in rows.select_related("anchor"))
