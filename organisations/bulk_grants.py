"""Many roles given and taken in one act: all of it or nothing, at most 100 of each (`domain.md` §4)."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from organisations import chains, events, privileges
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Told
from organisations.expiry import end_expired
from organisations.grants import Wish, put, related, take
from organisations.locks import lock_all
from organisations.models import Organisation, Privilege
from organisations.models.privilege import Grantee

AT_MOST = 100


@dataclass(frozen=True, kw_only=True)
class Addition:
    """A role to give: to whom, in which organisation."""

    organisation: Organisation
    grantee: Grantee
    wish: Wish


@dataclass(frozen=True)
class Fault:
    """Why one of them cannot be done. `position` counts from 0 among the additions, or the removals."""

    position: int
    is_removal: bool
    finding: Finding


class _Refused(Exception):
    """Something cannot be done, so nothing is."""


class _OnlyTried(Exception):
    """All could be done, but nothing was to be."""


def change(
    *,
    caller: Caller,
    additions: Sequence[Addition] = (),
    removals: Sequence[Privilege] = (),
    reason: str = "",
    dry_run: bool = False,
) -> list[Privilege] | list[Fault]:
    """Take roles away, then give others, in one transaction; returns what was given, or every fault found.

    A role that is taken can be given anew in the same act, to end another day. With `dry_run` nothing stays done.
    """
    attempt = _Attempt(caller, reason)
    try:
        with transaction.atomic():
            attempt.run(additions, removals)
            if attempt.faults:
                raise _Refused
            if dry_run:
                raise _OnlyTried
    except _Refused:
        return attempt.faults
    except _OnlyTried:
        return attempt.given
    return attempt.given


class _Attempt:
    """One try at everything, inside a transaction that is rolled back when there are faults."""

    def __init__(self, caller: Caller, reason: str) -> None:
        self.caller, self.reason, self.at = caller, reason, timezone.now()
        self.given: list[Privilege] = []
        self.faults: list[Fault] = []
        self.told: Told = []

    def run(self, additions: Sequence[Addition], removals: Sequence[Privilege]) -> None:
        """Do all of it, note every fault, and record what was done last."""
        if len(additions) > AT_MOST or len(removals) > AT_MOST:
            is_removal = len(removals) > AT_MOST
            self.faults.append(Fault(AT_MOST, is_removal, finding("privilege.too_many", limit=AT_MOST)))
            return
        locked = lock_all(_concerned(additions, removals))
        had = {id_ for id_, one in locked.items() if privileges.lasting_administrators(one).exists()}
        ends = {one.scope_id: position for position, one in enumerate(removals)}
        for position, privilege in enumerate(removals):
            self._remove(position, privilege)
        for position, addition in enumerate(additions):
            self._add(position, addition, at=self.at)
        for id_ in had:
            if not privileges.lasting_administrators(locked[id_]).exists():
                refusal = finding("privilege.last_user_administrator", organisation=locked[id_].name)
                self.faults.append(Fault(ends[id_], True, refusal))
        if self.told and not self.faults:
            events.record_all(self.caller, self.told)

    def _remove(self, position: int, privilege: Privilege) -> None:
        found = related().filter(pk=privilege.pk).first()
        if found is None:  # gone already, or with its parent that was removed before
            return
        if found.scope is None or not privileges.may_revoke(self.caller, found):
            self.faults.append(Fault(position, True, finding("privilege.not_yours", role=found.type)))
            return
        self.told += take(found, tag=Tag.PRIVILEGES_REVOKED, reason=self.reason)

    def _add(self, position: int, addition: Addition, *, at: dt.datetime) -> None:
        organisation, grantee = addition.organisation, addition.grantee
        wish = privileges.checked_wish(
            caller=self.caller, organisation=organisation, grantee=grantee, wish=addition.wish, at=at
        )
        if isinstance(wish, Finding):
            self.faults.append(Fault(position, False, wish))
            return
        self.told += end_expired(organisation=organisation, grantee=grantee, at=at)
        if privileges.held(organisation, grantee, wish).exists():
            self.faults.append(Fault(position, False, finding("privilege.held", role=wish.type)))
            return
        privilege, told = put(organisation=organisation, grantee=grantee, wish=wish, issuer=self.caller.user)
        self.given.append(privilege)
        self.told += told


def _concerned(additions: Sequence[Addition], removals: Sequence[Privilege]) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    for one in additions:
        found |= chains.concerned(one.organisation, grantee=one.grantee, parent=one.wish.parent)
    for privilege in removals:
        found |= privileges.touched(privilege)
    return found
