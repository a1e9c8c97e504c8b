"""What an organisation asks of those who act for it: a second factor from a day on, whatever the installation asks."""

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from organisations import registering
from organisations.callers import Caller
from organisations.mail import about, queue_mail
from organisations.models import Mail, Organisation, Privilege, User, with_second_factor


def in_force(organisation: Organisation, *, at: dt.datetime) -> bool:
    """Say whether the organisation asks for a second factor now."""
    begins = organisation.second_factor_from
    return begins is not None and begins <= timezone.localdate(at)


@transaction.atomic
def change(*, caller: Caller, organisation: Organisation, version: int, at: dt.datetime) -> Organisation:
    """Save the day that stands in `organisation`, recorded, and mail those without one. Raises `StaleVersion`."""
    saved = registering.change(caller=caller, organisation=organisation, version=version)
    if saved.second_factor_from:
        for person in lacking(saved, at=at):
            queue_mail(
                kind="second_factor_required",
                to=person.email,
                organisation=saved,
                object_id=person.pk,
                language=person.language,
            )
    return saved


def lacking(organisation: Organisation, *, at: dt.datetime) -> QuerySet[User]:
    """Return everybody with rights there, a vendor's people too, whose password alone lets them in."""
    active = Privilege.objects.active(at).filter(scope=organisation)
    own = Exists(active.filter(user=OuterRef("pk")))
    holders = User.objects.filter(Q(own) | Q(Exists(active.filter(group__members__user=OuterRef("pk")))))
    with_password = holders.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return with_second_factor(with_password).filter(Q(has_second=False)).order_by("name")


def asked_of(caller: Caller) -> list[Organisation]:
    """Return the organisations of a person that ask for a second factor, now or from a day to come."""
    return [organisation for organisation in caller.organisations if organisation.second_factor_from]


def required_mail(mail: Mail) -> dict[str, Any] | None:
    """Return who must add a second factor, and from when; None when it is not asked any more, or done."""
    organisation = mail.organisation
    if organisation is None or organisation.second_factor_from is None:
        return None
    person = lacking(organisation, at=timezone.now()).filter(pk=about(mail)).first()
    return {"user": person, "begins": organisation.second_factor_from} if person else None
