"""What the overview of an organisation should know of its people and terms, and where its logged people are found."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.problems import Problem, Weight
from organisations import privileges, terms
from organisations.models import Employment, Invitation, Organisation, Privilege


def open_problems(organisation: Organisation) -> list[Problem]:
    """Return what needs attention now."""
    at = timezone.now()
    found = [
        _terms(organisation),
        _administrators(organisation),
        _expired_invitations(organisation, at),
        _ending_roles(organisation, at),
    ]
    return [problem for problem in found if problem]


def _terms(organisation: Organisation) -> Problem | None:
    newest = terms.newest()
    if newest is None or terms.acceptance(organisation, newest):
        return None
    is_first = not terms.accepted(organisation)
    return Problem(
        weight=Weight.ERROR if is_first else Weight.WARNING,
        text=_("The terms of connection are not accepted.")
        if is_first
        else _("Version %(label)s of the terms is not accepted.") % {"label": newest.label},
        cure=_("A user administrator reads and accepts them."),
        url=reverse("terms", args=[organisation.cvr_number]),
    )


def _administrators(organisation: Organisation) -> Problem | None:
    count = privileges.lasting_administrators(organisation).values("user").distinct().count()
    if count > 1:
        return None
    return Problem(
        weight=Weight.WARNING if count else Weight.ERROR,
        text=_("There is only one user administrator.") if count else _("There is no user administrator."),
        cure=_("Make one more person user administrator, so that somebody can act when the other is away."),
        url=reverse("people", args=[organisation.cvr_number]),
    )


def _expired_invitations(organisation: Organisation, at: dt.datetime) -> Problem | None:
    waiting = Invitation.objects.filter(organisation=organisation, accepted=None, withdrawn=None)
    count = waiting.filter(expires__lte=at).count()
    if not count:
        return None
    return Problem(
        weight=Weight.NOTICE,
        text=ngettext("One invitation has expired.", "%(count)s invitations have expired.", count) % {"count": count},
        cure=_("Send it again, or withdraw it."),
        url=reverse("people", args=[organisation.cvr_number]),
    )


def _ending_roles(organisation: Organisation, at: dt.datetime) -> Problem | None:
    active = Privilege.objects.active(at).filter(scope=organisation)
    count = active.filter(active_to__lte=at + privileges.NOTICE).count()
    if not count:
        return None
    return Problem(
        weight=Weight.NOTICE,
        text=ngettext("One role ends within 14 days.", "%(count)s roles end within 14 days.", count) % {"count": count},
        cure=_("Decide whether the person is to keep it."),
        url=reverse("people", args=[organisation.cvr_number]),
    )


def object_link(kind: str, object_id: uuid.UUID, organisation: Organisation) -> str:
    """Return the URL of a logged person or of the organisation itself; "" for what is not of this room."""
    cvr = organisation.cvr_number
    if kind == "user" and Employment.objects.filter(user=object_id, organisation=organisation).exists():
        return reverse("person", args=[cvr, object_id])
    if kind == "organisation" and object_id == organisation.pk:
        return reverse("organisation", args=[cvr])
    return ""
