"""Pages of queue and workers, for whoever runs the installation."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.confirm import ReasonForm, confirm
from adgang.lib.toasts import toast
from adgang.operations import figures, queue
from organisations import access, processes, resending
from organisations.callers import Caller
from organisations.mail_words import kind_words
from organisations.rights import Right
from systems import checking, outages
from systems.models import CheckRun, Outage


def operations_queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, who works and what is stuck."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    at = timezone.now()
    context = {
        "parts": queue.parts(at=at),
        "queues": queue.queues(),
        "workers": queue.workers(at=at),
        "stuck": queue.stuck(at=at),
        "finished": queue.finished_lately(at=at),
        "processes": processes.running(at=at),
        "outages": list(queue.outages()),
        "lists_missing": figures.revocation_lists(at=at).missing,
        "mails": [(mail, kind_words(mail.kind)) for mail in resending.given_up()[: queue.SHOWN]],
        "may_change": caller.may_operate(Right.OPERATIONS_CHANGE),
    }
    return render(request, "operations/operations_queue.html", context)


def run_end(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Ask, and end a check that does not come to an end."""
    access.operator(request, right=Right.OPERATIONS_CHANGE)
    run = get_object_or_404(CheckRun.objects.select_related("system__organisation"), pk=run_id)
    if request.method == "POST":
        if checking.abort(run, "run.ended_by_operator"):
            toast(request, _("The check of %(name)s was ended.") % {"name": run.system.name})
        else:
            toast(request, _("The check is over already."), variant="warning")
        return redirect("operations_queue")
    names = {"name": run.system.name, "organisation": run.system.organisation.name}
    return confirm(
        request,
        title=_("End the check"),
        intro=_("The check of %(name)s (%(organisation)s) is under way or waits.") % names,
        consequences=[
            _("It counts as not carried out, and says nothing of the system."),
            _("A worker that still has it writes nothing more."),
        ],
        submit=_("End the check"),
        cancel_url=reverse("operations_queue"),
        crumbs=_crumbs(),
    )


def mail_again(request: HttpRequest, mail_id: uuid.UUID) -> HttpResponse:
    """Ask why, and send a mail again that was given up."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    mail = get_object_or_404(resending.given_up(), pk=mail_id)
    intro = _("To %(address)s: %(kind)s. It was given up with: %(error)s")
    said = {"address": mail.to, "kind": kind_words(mail.kind), "error": mail.error or "–"}
    return _again(request, caller, ids=[mail.pk], title=_("Send the mail again"), intro=intro % said)


def mails_again(request: HttpRequest) -> HttpResponse:
    """Ask why, and send all mails again that were given up."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    count = resending.given_up().count()
    intro = ngettext("One mail was given up.", "%(count)s mails were given up.", count) % {"count": count}
    return _again(request, caller, ids=None, title=_("Send all of them again"), intro=intro)


def _again(
    request: HttpRequest, caller: Caller, *, ids: list[uuid.UUID] | None, title: str, intro: str
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        sent = resending.send_again(caller=caller, ids=ids, reason=form.cleaned_data["reason"], at=timezone.now())
        said = ngettext("One mail is tried again.", "%(count)s mails are tried again.", sent)
        toast(request, said % {"count": sent})
        return redirect("operations_queue")
    return confirm(
        request,
        title=title,
        intro=intro,
        consequences=[
            _("It is tried as often as a new mail. Links in it are made anew."),
            _("What nobody waits for any more is not sent."),
        ],
        submit=title,
        cancel_url=reverse("operations_queue"),
        danger=False,
        form=form,
        crumbs=_crumbs(),
    )


def outage_end(request: HttpRequest, outage_id: uuid.UUID) -> HttpResponse:
    """Ask, and take back the presumption that the fault is ours."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    outage = get_object_or_404(Outage, pk=outage_id)
    if request.method == "POST":
        if outages.end(outage, at=timezone.now(), caller=caller):
            toast(request, _("The fault counts as somebody else's. What still fails is checked anew and told."))
        else:
            toast(request, _("It is over already."), variant="warning")
        return redirect("operations_queue")
    return confirm(
        request,
        title=_("The fault is not ours"),
        consequences=[
            _("Every system that cannot be reached is checked anew, as often as it always takes to count as failing."),
            _("Those responsible then get their mails."),
            _("For an hour no fault is presumed to be ours."),
        ],
        submit=_("The fault is not ours"),
        cancel_url=reverse("operations_queue"),
        crumbs=_crumbs(),
    )


def _crumbs() -> list[object]:
    return [_("Operations"), reverse("operations"), _("Queue and workers"), reverse("operations_queue")]
