"""The terms of connection: published by the operator in versions, accepted once per version by an authority."""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from organisations.models import Organisation, Terms, TermsAcceptance


def newest() -> Terms | None:
    """Return the terms that count now; None when the operator has published none."""
    return Terms.objects.order_by("-published").first()


def accepted(organisation: Organisation) -> bool:
    """Say whether the organisation has accepted any version: a newer one takes no role away."""
    return organisation.terms_acceptances.exists()


def acceptance(organisation: Organisation, terms: Terms) -> TermsAcceptance | None:
    """Return who accepted this version for the organisation and when, or None."""
    return organisation.terms_acceptances.filter(terms=terms).select_related("accepted_by").first()


@transaction.atomic
def accept(*, caller: Caller, organisation: Organisation, terms_id: uuid.UUID) -> TermsAcceptance | Finding:
    """Accept the version that the person has read, which must still be the newest; recorded."""
    if caller.user is None:
        raise ValueError("terms are accepted by a person")
    lock(organisation.pk)
    terms = newest()
    if terms is None:
        return finding("terms.none")
    if terms.pk != terms_id:
        return finding("terms.outdated")
    if acceptance(organisation, terms):
        return finding("terms.accepted")
    made = TermsAcceptance.objects.create(organisation=organisation, terms=terms, accepted_by=caller.user)
    events.record(caller, organisation, Entry(tag=Tag.TERMS_ACCEPTED, obj=terms, after={"version": terms.label}))
    return made


@transaction.atomic
def publish(*, caller: Caller, label: str, text_da: str, text_en: str = "") -> Terms | Finding:
    """Publish a new version, which counts from now on; recorded in the operator's chain."""
    if Terms.objects.filter(label=label).exists():
        return finding("terms.label_taken")
    try:
        with transaction.atomic():
            made = Terms.objects.create(label=label, text_da=text_da, text_en=text_en, published=timezone.now())
    except IntegrityError:  # somebody else, or a second click, was quicker
        return finding("terms.label_taken")
    events.record(caller, None, Entry(tag=Tag.TERMS_PUBLISHED, obj=made, after={"version": label}))
    return made
