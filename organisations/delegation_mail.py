"""The mails about delegation: an organisation learns of the role that it got, or that the other one ended."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse

from organisations import delegations
from organisations.callers import Caller
from organisations.grants import related
from organisations.holding import user_administrators
from organisations.mail import about, queue_mail
from organisations.models import Mail, Organisation, Privilege
from organisations.rights import Right

GIVEN, ENDED = "delegation_given", "delegation_ended"


def tell_given(privilege: Privilege, *, at: dt.datetime) -> None:
    """Tell the user administrators of the organisation that was given a role: nobody can use it before they pass it on.

    Of a role that went to a person or a group nothing is told.
    """
    if privilege.delegate is not None:
        _tell(GIVEN, privilege.delegate, other=privilege.scope, object_id=privilege.pk, at=at)


def tell_ended(privilege: Privilege, *, caller: Caller, at: dt.datetime) -> None:
    """Tell the other organisation that a role given to an organisation was taken back, or given back."""
    if privilege.delegate is None or privilege.scope is None:
        return
    returned = caller.user is not None and caller.may(Right.PEOPLE_CHANGE, privilege.delegate)
    told, other = (privilege.scope, privilege.delegate) if returned else (privilege.delegate, privilege.scope)
    _tell(ENDED, told, other=other, object_id=told.pk, at=at)


def _tell(kind: str, told: Organisation, *, other: Organisation | None, object_id: Any, at: dt.datetime) -> None:
    for person in user_administrators(told, at=at):
        queue_mail(kind=kind, to=person.email, organisation=other, object_id=object_id, language=person.language)


def given_context(mail: Mail) -> dict[str, Any] | None:
    """Return the role and where it is passed on; None when it was taken back meanwhile."""
    found = related().filter(pk=about(mail), delegate__isnull=False).first()
    if found is None or found.delegate is None:
        return None
    system = delegations.system_names([found]).get(found.system_id) if found.system_id else None
    return {"privilege": found, "system": system, "url": _page(found.delegate)}


def ended_context(mail: Mail) -> dict[str, Any] | None:
    """Return the organisation that is told and where it sees what is left; None when it is gone."""
    told = Organisation.objects.filter(pk=about(mail)).first()
    return {"told": told, "url": _page(told)} if told else None


def _page(organisation: Organisation) -> str:
    return f"{settings.ADGANG_BASE_URL}{reverse('delegations', args=[organisation.cvr_number])}"
