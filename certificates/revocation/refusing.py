"""What was accepted and is no longer, because an issuer was removed, a rule sharpened, a vendor changed; or is again.

Each change is one event, kept together with the findings in one transaction. `untold` then stands on the row until the
rooms above have told those whose systems stand on it; a person is told of their own certificate at once. What is wrong
with one credential is often wrong with its neighbours, so all of the organisation's come due with it: one mail tells.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from adgang.lib.findings import Finding
from certificates.models import Certificate, KeyStanding, SshKey, Standing
from certificates.revocation import mails
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.mail import queue_mail
from organisations.models import Organisation

LEASE = dt.timedelta(minutes=10)  # so long a batch of rows is a worker's own
AnyStanding = Standing | KeyStanding
AnyModel = type[Standing] | type[KeyStanding]


@dataclass(frozen=True, slots=True)
class Change:
    """A row whose findings are others than before; `before` and `after` are those that refuse."""

    row: AnyStanding
    before: list[Finding]
    after: list[Finding]

    @property
    def is_worse(self) -> bool:
        """Whether something refuses that did not before."""
        return bool(_codes(self.after) - _codes(self.before))

    @property
    def is_event(self) -> bool:
        """Whether the log tells of it."""
        return _codes(self.after) != _codes(self.before)


def changes(row: AnyStanding, found: Iterable[Finding]) -> list[Change]:
    """Put the findings on the row; return the change, if they are others than before (days that pass apart)."""
    before, known = row.errors, sorted(one["code"] for one in row.findings)
    row.findings = [one.as_json() for one in found]
    same = known == sorted(one["code"] for one in row.findings)
    return [] if known and same else [Change(row, before, row.errors)]


def _codes(findings: Iterable[Finding]) -> set[str]:
    return {found.code for found in findings}


@transaction.atomic
def keep(model: AnyModel, made: list[Change], *, batch: uuid.UUID, at: dt.datetime) -> None:
    """Write changed findings, with the events that they make; of rows that another has claimed since, nothing."""
    rows = model._default_manager.select_for_update().filter(batch=batch, pk__in=[one.row.pk for one in made])
    mine = set(rows.values_list("pk", flat=True)) if made else set()
    kept = [change for change in made if change.row.pk in mine]
    if not kept:
        return
    for change in kept:
        change.row.untold = change.is_worse or (change.row.untold and bool(change.after))
    written: list[Any] = [change.row for change in kept]
    model._default_manager.bulk_update(written, ["findings", "untold"], batch_size=100)
    worse = [change.row.credential for change in kept if change.is_worse]
    _hasten(model, {credential.organisation for credential in worse}, at)
    for credential in worse:
        _tell_the_person(credential)
    entries = [(change.row.credential.organisation, _entry(change)) for change in kept if change.is_event]
    events.record_all(Caller.task("recheck"), entries)


def _hasten(model: AnyModel, organisations: set[Organisation], at: dt.datetime) -> None:
    """Let everything of some organisations come due that has not been judged at this time, nor is being judged."""
    if not organisations:
        return
    waiting = model._default_manager.filter(due__gt=at + LEASE, **{f"{model.HOLDER}__in": organisations})
    waiting.exclude(judged=at).filter(model.TO_JUDGE).update(due=at)


def _tell_the_person(credential: Certificate | SshKey) -> None:
    if isinstance(credential, Certificate) and credential.user is not None:
        user = credential.user
        queue_mail(
            kind=mails.REFUSED,
            to=user.email,
            organisation=credential.organisation,
            object_id=credential.pk,
            language=user.language,
        )


def _entry(change: Change) -> Entry:
    tag = Tag.CREDENTIAL_REFUSED if change.after else Tag.CREDENTIAL_ACCEPTED_AGAIN
    before, after = ([one.as_json() for one in findings] for findings in (change.before, change.after))
    return Entry(tag=tag, obj=change.row.credential, before={"findings": before}, after={"findings": after})
