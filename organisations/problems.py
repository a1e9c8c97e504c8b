"""What the overview of an organisation should know of its people and terms, and where its logged people are found."""

import uuid

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.counting import tally
from adgang.lib.problems import Problem, Weight
from organisations import event_chains, expiry, privileges, reviewing
from organisations.access_requests import cases
from organisations.models import (
    Employment,
    HelpSession,
    Invitation,
    Organisation,
    Privilege,
    RightsReview,
    Terms,
    TermsAcceptance,
    User,
)


def open_problems(organisation: Organisation) -> list[Problem]:
    """Return what needs attention now, in two queries."""
    at = timezone.now()
    active = Privilege.objects.active(at).filter(scope=organisation)
    waiting = Invitation.objects.filter(organisation=organisation, accepted=None, withdrawn=None)
    administrators = privileges.lasting_administrators(organisation).values("user")
    reviews, today = RightsReview.objects.filter(organisation=organisation, finished=None), timezone.localdate(at)
    counted = tally(
        Organisation.objects.filter(pk=organisation.pk),
        administrators=User.objects.filter(pk__in=administrators),
        expired=waiting.filter(expires__lte=at),
        ending=active.filter(active_to__lte=at + expiry.NOTICE),
        helpers=HelpSession.objects.open(at).filter(organisation=organisation),
        due=reviews.filter(due__lte=today + reviewing.REMINDED_BEFORE),
        overdue=reviews.filter(due__lt=today),
        broken=event_chains.found_broken(organisation),
        asked=cases.rows().to_organisation(organisation).waiting(),
        appointed=cases.rows().filter(organisation=organisation).awaiting_code(),
    )
    found = [
        _log(organisation, counted["broken"]),
        _terms(organisation),
        _administrators(organisation, counted["administrators"]),
        _requests(organisation, counted["asked"]),
        _appointed(organisation, counted["appointed"]),
        _expired_invitations(organisation, counted["expired"]),
        _ending_roles(organisation, counted["ending"]),
        _help(organisation, counted["helpers"]),
        _review(organisation, counted["due"], counted["overdue"]),
    ]
    return [problem for problem in found if problem]


def _log(organisation: Organisation, broken: int) -> Problem | None:
    if not broken:
        return None
    return Problem(
        weight=Weight.ERROR,
        first=True,
        text=_("The event log was tampered with."),
        cure=_("See the first broken entry, and tell whoever runs the portal."),
        url=reverse("event_chain", args=[organisation.cvr_number]),
    )


def _terms(organisation: Organisation) -> Problem | None:
    own = TermsAcceptance.objects.filter(organisation=organisation)
    newest = (
        Terms.objects.annotate(accepted=Exists(own.filter(terms=OuterRef("pk"))), earlier=Exists(own))
        .order_by("-published")
        .first()
    )
    if newest is None or newest.accepted:
        return None
    return Problem(
        weight=Weight.WARNING if newest.earlier else Weight.ERROR,
        text=_("Version %(label)s of the terms is not accepted.") % {"label": newest.label}
        if newest.earlier
        else _("The terms of connection are not accepted."),
        cure=_("A user administrator reads and accepts them."),
        url=reverse("terms", args=[organisation.cvr_number]),
    )


def _administrators(organisation: Organisation, count: int) -> Problem | None:
    if count > 1:
        return None
    return Problem(
        weight=Weight.WARNING if count else Weight.ERROR,
        text=_("There is only one user administrator.") if count else _("There is no user administrator."),
        cure=_("Make one more person user administrator, so that somebody can act when the other is away."),
        url=reverse("people", args=[organisation.cvr_number]),
    )


def _requests(organisation: Organisation, count: int) -> Problem | None:
    if not count:
        return None
    text = ngettext("One request for access waits.", "%(count)s requests for access wait.", count)
    return Problem(
        weight=Weight.WARNING,
        text=text % {"count": count},
        cure=_("Read it, and approve, reject or ask for more."),
        url=reverse("organisation_requests", args=[organisation.cvr_number]) + "?state=waiting",
    )


def _appointed(organisation: Organisation, count: int) -> Problem | None:
    if not count:
        return None
    return Problem(
        weight=Weight.WARNING,
        text=_("An appointed user administrator has not used the activation code."),
        cure=_("The person logs in and uses the code from the mail; whoever handled the request can send a new one."),
        url=reverse("activate"),
    )


def _expired_invitations(organisation: Organisation, count: int) -> Problem | None:
    if not count:
        return None
    return Problem(
        weight=Weight.NOTICE,
        text=ngettext("One invitation has expired.", "%(count)s invitations have expired.", count) % {"count": count},
        cure=_("Send it again, or withdraw it."),
        url=reverse("people", args=[organisation.cvr_number]),
    )


def _ending_roles(organisation: Organisation, count: int) -> Problem | None:
    if not count:
        return None
    return Problem(
        weight=Weight.NOTICE,
        text=ngettext("One role ends within 14 days.", "%(count)s roles end within 14 days.", count) % {"count": count},
        cure=_("Decide whether the person is to keep it."),
        url=reverse("people", args=[organisation.cvr_number]),
    )


def _help(organisation: Organisation, helpers: int) -> Problem | None:
    if not helpers:
        return None
    return Problem(
        weight=Weight.NOTICE,
        text=_("Somebody who runs the portal is helping you now."),
        cure=_("Read who and why, or end the help."),
        url=reverse("help_log", args=[organisation.cvr_number]),
    )


def _review(organisation: Organisation, due: int, overdue: int) -> Problem | None:
    if not due:
        return None
    return Problem(
        weight=Weight.WARNING if overdue else Weight.NOTICE,
        text=_("The yearly review of rights is overdue.") if overdue else _("The yearly review of rights is due."),
        cure=_("A user administrator keeps or ends each role."),
        url=reverse("rights_review", args=[organisation.cvr_number]),
    )


def object_link(kind: str, object_id: uuid.UUID, organisation: Organisation) -> str:
    """Return the URL of a logged person or of the organisation itself; "" for what is not of this room."""
    cvr = organisation.cvr_number
    if kind == "user" and Employment.objects.filter(user=object_id, organisation=organisation).exists():
        return reverse("person", args=[cvr, object_id])
    if kind == "organisation" and object_id == organisation.pk:
        return reverse("organisation", args=[cvr])
    if kind == "accessrequest" and cases.rows().to_organisation(organisation).filter(pk=object_id).exists():
        return reverse("organisation_request", args=[cvr, object_id])
    return ""
