"""Giving and taking many roles at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from adgang.lib.toasts import toast
from organisations import access
from organisations.bulk_grants import Fault, change
from organisations.bulk_lines import Line, Reader
from organisations.callers import Caller
from organisations.forms.bulk import BulkForm
from organisations.models import Organisation
from organisations.rights import Right


def rights_bulk(request: HttpRequest, cvr: str) -> HttpResponse:
    """Read lines, show what they would do, and do it all when nothing is wrong with any."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_CHANGE)
    form = BulkForm(request.POST or None, request.FILES or None)
    lines: list[Line] = []
    if form.is_valid():
        lines = Reader(organisation, at=timezone.now()).read(form.text)
        caller = access.caller(request)
        is_sound = carry_out(caller, organisation, lines, form.cleaned_data["reason"], dry_run=not form.is_final)
        if is_sound and form.is_final:
            text = ngettext("%(count)s line was carried out.", "%(count)s lines were carried out.", len(lines))
            toast(request, text % {"count": len(lines)})
            return redirect("rights_who", cvr)
        form = form.again(text=form.text)
    context = {
        "form": form,
        "organisation": organisation,
        "lines": lines,
        "is_sound": bool(lines) and not any(line.fault for line in lines),
    }
    return render(request, "organisations/rights_bulk.html", context)


def carry_out(caller: Caller, organisation: Organisation, lines: list[Line], reason: str, *, dry_run: bool) -> bool:
    """Do what the lines say, or note at the lines why not; returns whether all of it can be, or was, done."""
    giving = [line for line in lines if line.addition]
    taking = [line for line in lines if line.removal]
    outcome = change(
        caller=caller,
        additions=[line.addition for line in giving if line.addition],
        removals=[line.removal for line in taking if line.removal],
        reason=reason,
        dry_run=dry_run or any(line.fault for line in lines),
    )
    for fault in outcome:
        if isinstance(fault, Fault):
            concerned = taking if fault.is_removal else giving
            concerned[min(fault.position, len(concerned) - 1)].fault = fault.finding
    return bool(lines) and not any(line.fault for line in lines)
