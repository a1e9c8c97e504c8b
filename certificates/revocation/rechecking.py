"""Every registered certificate and SSH key is judged again each night, in batches; what has changed is kept.

A batch is claimed by one conditional UPDATE that moves `due` and writes the batch's number, so several workers share
the work and a lost one's comes due again. No network: the lists are stored, and one `Anchors` serves a whole batch.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable

import structlog
from django.conf import settings
from django.db.models import Q, QuerySet

from adgang.lib import slots
from adgang.lib.queueing import after_commit
from certificates.anchors import Anchors, installed_anchors
from certificates.details import read_details
from certificates.judging import judge
from certificates.kinds import ANY_KIND, Environment
from certificates.models import Certificate, KeyStanding, Revocation, RevocationList, SshKey, Standing, TrustAnchor
from certificates.revocation import refusing
from certificates.revocation.answers import Answer, RevocationLists, answered, entries_of
from certificates.revocation.entries import find
from certificates.revocation.standing import WAITS, known, next_night, revoke
from certificates.ssh_keys import judge_ssh_key
from certificates.verdicts import Verdict

log = structlog.get_logger("adgang.revocation")

BATCH = 500


def recheck_due(*, at: dt.datetime, batches: int = 100) -> int:
    """Judge again whatever is due, at most so many batches; return how many credentials."""
    _enrol(at)
    _ask_again(at)
    done = sum(_work(lambda: _claim(Standing, at), _recheck, at, batches))
    return done + sum(_work(lambda: _claim(KeyStanding, at), _recheck_keys, at, batches))


def _work(claim: Callable[[], uuid.UUID], recheck: Callable[..., int], at: dt.datetime, batches: int) -> Iterable[int]:
    for _ in range(batches):
        count = recheck(claim(), at)
        yield count
        if count < BATCH:
            return


def _enrol(at: dt.datetime) -> None:
    """Give every credential that has none a row, due now."""
    certificates = Certificate.objects.filter(standing=None).values_list("pk", flat=True)
    keys = SshKey.objects.filter(standing=None).values_list("pk", flat=True)
    Standing.objects.bulk_create(
        [Standing(certificate_id=pk, due=at) for pk in certificates], ignore_conflicts=True, batch_size=BATCH
    )
    KeyStanding.objects.bulk_create(
        [KeyStanding(key_id=pk, due=at) for pk in keys], ignore_conflicts=True, batch_size=BATCH
    )


def _ask_again(at: dt.datetime) -> None:
    """Queue the questions to responders that are due again; each is claimed by whoever takes it."""
    waiting = Standing.objects.filter(pending=True, due__lte=at).order_by("due").values_list("pk", flat=True)
    for pk in waiting[:BATCH]:
        after_commit("certificates.ask_revocation", certificate_id=str(pk))


def _claim(model: refusing.AnyModel, at: dt.datetime) -> uuid.UUID:
    """Make a batch of due rows this worker's own; two workers that see the same rows share them out, never both."""
    batch = uuid.uuid4()
    due = model._default_manager.filter(model.TO_JUDGE, due__lte=at)
    chosen = list(due.order_by("due").values_list("pk", flat=True)[:BATCH])
    due.filter(pk__in=chosen).update(due=at + refusing.LEASE, batch=batch)
    return batch


def _recheck(batch: uuid.UUID, at: dt.datetime) -> int:
    rows = list(Standing.objects.filter(batch=batch).select_related("certificate__organisation", "certificate__user"))
    anchors, lists, misplaced = installed_anchors(), RevocationLists(), _misplaced(rows)
    groups: dict[tuple[Answer, dt.datetime | None], list[Standing]] = {}
    changes: list[refusing.Change] = []
    for row in rows:
        verdict, answer = _judged(row, anchors, lists, at, misplaced=row.pk in misplaced)
        changes += refusing.changes(row, verdict.findings)
        if answer.status == Revocation.REVOKED:
            revoke(row, answer, at=at)
        else:
            groups.setdefault((answer, _due(row, answer, at)), []).append(row)
    refusing.keep(Standing, changes, batch=batch, at=at)
    for (answer, due), members in groups.items():
        _keep_answer(members, batch, answer, due, at)
    return len(rows)


def _misplaced(rows: Iterable[Standing]) -> set[uuid.UUID]:
    """Return the certificates in use where their CVR number is neither the organisation's nor the vendor's any more."""
    ids = [row.pk for row in rows if row.certificate.cvr != row.certificate.organisation.cvr_number]
    return {pk for find_in in slots.fillings("misplaced_certificates") for pk in find_in(ids)} if ids else set()


def _judged(
    row: Standing, anchors: Anchors, lists: RevocationLists, at: dt.datetime, *, misplaced: bool
) -> tuple[Verdict, Answer]:
    certificate = row.certificate
    own = misplaced or certificate.cvr == certificate.organisation.cvr_number
    details = read_details(certificate.der)
    verdict = judge(
        certificate.der,
        at=at,
        environment=Environment(settings.ADGANG_ENVIRONMENT),
        anchors=anchors,
        cvr=certificate.organisation.cvr_number,
        delegated_cvr=None if own else certificate.cvr,
        kinds=ANY_KIND,
    )
    answer = lists.answer(details, anchors, at=at)
    if answer.status == Revocation.UNKNOWN:
        answer = _still_known(row, answer, at)
    return answered(verdict, answer), answer


def _still_known(row: Standing, answer: Answer, at: dt.datetime) -> Answer:
    """A list that cannot say leaves what the responder said, as long as that holds."""
    before = known(row.certificate, at=at) if row.revocation == Revocation.GOOD else answer
    return before if before.status == Revocation.GOOD else answer


def _due(row: Standing, answer: Answer, at: dt.datetime) -> dt.datetime | None:
    """Never again for what has expired: nothing that is said of it changes. Soon where the lists cannot say."""
    if row.certificate.not_after < at:
        return None
    if answer.status == Revocation.UNKNOWN and answer.lack != "revocation.unknown":
        return at + WAITS[-1]
    return next_night(at, spread=row.batch.int if row.batch else 0)


def _keep_answer(
    rows: list[Standing], batch: uuid.UUID, answer: Answer, due: dt.datetime | None, at: dt.datetime
) -> None:
    """One UPDATE for all that were answered alike, which a night's batch nearly always is."""
    own = Standing.objects.filter(pk__in=[row.pk for row in rows], batch=batch)
    own.exclude(revocation=Revocation.REVOKED).update(
        revocation=answer.status,
        source=answer.source,
        as_of=answer.as_of,
        valid_until=answer.valid_until,
        checked=at,
        judged=at,
        due=due,
    )


def _recheck_keys(batch: uuid.UUID, at: dt.datetime) -> int:
    rows = list(KeyStanding.objects.filter(batch=batch).select_related("key__organisation"))
    refuse_short = settings.ADGANG_REFUSE_SHORT_RSA
    changes: list[refusing.Change] = []
    for row in rows:
        verdict = judge_ssh_key(row.key.line.encode(), refuse_short_rsa=refuse_short)
        changes += refusing.changes(row, verdict.findings)
    refusing.keep(KeyStanding, changes, batch=batch, at=at)
    KeyStanding.objects.filter(batch=batch).update(judged=at, due=next_night(at, spread=batch.int))
    return len(rows)


# --- A new list ------------------------------------------------------------------------------------------------------


def look_through(lists: Iterable[RevocationList], *, at: dt.datetime) -> int:
    """Let everything that new lists change come due now: what they revoke, and what could not be answered before."""
    return sum(_look_through(row, at) for row in lists)


def _look_through(row: RevocationList, at: dt.datetime) -> int:
    entries = entries_of(row.pk, row.sha256)
    open_still = Standing.objects.exclude(revocation=Revocation.REVOKED).filter(due__isnull=False)
    hit = _issued_by(open_still, _caught_below(row, entries)).values_list("pk", flat=True)
    own = _issued_by(open_still, [row.anchor])
    serials = own.values_list("pk", "certificate__serial_number")
    caught = [pk for pk, serial in serials if find(entries, int(serial, 16))]
    unanswered = own.filter(revocation=Revocation.UNKNOWN, pending=False).values_list("pk", flat=True)
    found = {*hit, *caught, *unanswered}
    return Standing.objects.filter(pk__in=found).update(due=at, pending=False)


def _issued_by(standings: QuerySet[Standing], anchors: Iterable[TrustAnchor]) -> QuerySet[Standing]:
    condition = Q(pk__in=[])
    for anchor in anchors:
        condition |= Q(certificate__environment=anchor.environment, certificate__issuer=anchor.subject)
    return standings.filter(condition)


def _caught_below(row: RevocationList, entries: bytes) -> list[TrustAnchor]:
    """Return the installed authorities that a root's list revokes."""
    below = TrustAnchor.objects.filter(environment=row.anchor.environment, issuer=row.anchor.subject)
    return [anchor for anchor in below if find(entries, read_details(anchor.der).serial_number)]
