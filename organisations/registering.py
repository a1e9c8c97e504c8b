"""Registering organisations and changing their details."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from adgang.lib.cvr import has_valid_check
from adgang.lib.findings import Finding, finding
from adgang.lib.forms import require_one_line
from adgang.lib.registered import save_version
from adgang.lib.snapshots import JSON, differences, snapshot
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from organisations.models import Organisation


def cvr_fault(cvr: str) -> Finding | None:
    """Return why the CVR number cannot be right, or None.

    The check of the CVR register (modulus 11) refuses in production. In test it does not: fictitious numbers break it
    on purpose, so there it is for the caller to warn (`cvr_is_doubtful`).
    """
    if len(cvr) != 8 or not (cvr.isascii() and cvr.isdigit()):
        return finding("cvr.not_eight_digits", value=cvr[:40])
    if settings.ADGANG_ENVIRONMENT == "production" and not has_valid_check(cvr):
        return finding("cvr.check_failed", cvr=cvr)
    return None


def cvr_is_doubtful(cvr: str) -> bool:
    """Say whether the number fails the check of the CVR register, which deserves a warning in test."""
    return not has_valid_check(cvr)


@transaction.atomic
def create(*, caller: Caller, organisation: Organisation) -> Organisation | Finding:
    """Save a new organisation; recorded in its own chain and the operator's. A `Finding` says why not."""
    if fault := cvr_fault(organisation.cvr_number):
        return fault
    taken = finding("organisation.cvr_taken", cvr=organisation.cvr_number)
    if Organisation.objects.filter(cvr_number=organisation.cvr_number).exists():
        return taken
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:  # somebody else, or a second click, was quicker
        return taken
    entry = Entry(tag=Tag.ORGANISATION_CREATED, obj=organisation, after=snapshot(organisation))
    events.record_all(caller, [(organisation, entry), (None, entry)])
    return organisation


COMPANY_KIND = gettext_lazy("A company has no kind of authority: choose nothing.")


def check(organisation: Organisation) -> None:
    """Raise ValidationError, by field, for values that cannot stand there; forms have asked already."""
    by_field: dict[str, list[ValidationError]] = {}
    try:
        organisation.clean_fields()
    except ValidationError as error:
        by_field.update(error.error_dict)
    if organisation.type == Organisation.Type.COMPANY and organisation.authority_type:
        by_field.setdefault("authority_type", []).append(ValidationError(COMPANY_KIND, code="company_kind"))
    for field in ("name", "legal_contact_name", "legal_contact_phone", "industry_code"):
        try:
            require_one_line(getattr(organisation, field))
        except ValidationError as error:
            by_field.setdefault(field, []).append(error)
    if by_field:
        raise ValidationError(by_field)


@transaction.atomic
def change(*, caller: Caller, organisation: Organisation, version: int, reason: str = "") -> Organisation:
    """Save the changed fields of an organisation and record what differs. Raises `StaleVersion`.

    An operator who is no member acts with a `reason`, told in the operator's chain too. Nothing changed: nothing
    happens.
    """
    before = snapshot(lock(organisation.pk))
    after = snapshot(organisation)
    changed = differences(before, after)
    save_version(organisation, version=version)
    if not changed:
        return organisation
    entry = _entry(organisation, changed, reason)
    owners = [organisation] if _acts_for(caller, organisation) else [organisation, None]
    events.record_all(caller, [(owner, entry) for owner in owners])
    return organisation


def _entry(organisation: Organisation, changed: dict[str, tuple[JSON, JSON]], reason: str) -> Entry:
    before: dict[str, Any] = {name: old for name, (old, _) in changed.items()}
    after: dict[str, Any] = {name: new for name, (_, new) in changed.items()}
    return Entry(tag=Tag.ORGANISATION_CHANGED, obj=organisation, before=before, after=after, reason=reason)


def _acts_for(caller: Caller, organisation: Organisation) -> bool:
    return caller.user is None or bool(caller.grants(organisation))
