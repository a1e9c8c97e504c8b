"""Letter types: listed, shown, made, changed, copied, deleted."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib import lists
from adgang.lib.confirm import confirm, posted_version
from adgang.lib.conflicts import conflict_response
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from memo import access, marks, skeletons
from memo import letter_types as concept
from memo.elements import Version
from memo.letter_forms import LetterTypeEditForm, LetterTypeForm
from memo.letter_list import letter_list
from memo.letter_place import letter_point_id
from memo.models import LetterType, Mark
from organisations.event_reading import object_events
from organisations.rights import Right


def letter_types(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the letter types of an organisation with their marks."""
    organisation = access.organisation(request, cvr, right=Right.LETTERS_VIEW)
    rows = LetterType.objects.filter(organisation=organisation).with_point()
    counted = rows.counted()
    may_change = access.caller(request).may(Right.LETTERS_CHANGE, organisation)
    create = reverse("letter_type_create", args=[cvr])
    context = {
        "organisation": organisation,
        "may_change": may_change,
        "marked": counted[Mark.FINAL] + counted[Mark.NO_REPLY],
        "total": sum(counted.values()),
        "may_follow": may_change and rows.replaced().exists(),
    }
    return lists.respond(
        request,
        letter_list(organisation),
        rows.select_related("sender_system"),
        template="memo/letter_types.html",
        context=context,
        empty_action=(create, _("Create a letter type")) if may_change else None,
    )


def letter_type(request: HttpRequest, cvr: str, letter_type_id: uuid.UUID) -> HttpResponse:
    """Show a letter type: its mark, what letters must carry, its skeletons and the evidence kept for it."""
    found = access.letter_type(request, cvr, letter_type_id, right=Right.LETTERS_VIEW)
    successor = concept.successors(found.organisation, {found.reply_point_id} if found.reply_point_id else set())
    context = {
        "letter_type": found,
        "mark": marks.mark_of(found),
        "mark_badge": marks.mark_badge(found),
        "explanation": marks.EXPLANATIONS[marks.mark_of(found)],
        "faults": [*marks.faults(found), *filter(None, [marks.moved(found)])],
        "point_id": letter_point_id(found),
        "point_exists": vars(found)["point_name"] is not None,
        "successor": successor.get(found.reply_point_id) if found.reply_point_id else None,
        "sheet": skeletons.sheet(found),
        "versions": list(Version),
        "evidence": found.evidence.select_related("kept_by")[:20],
        "may_change": access.caller(request).may(Right.LETTERS_CHANGE, found.organisation),
        "events": object_events(request, found.organisation, found.pk),
    }
    return render(request, "memo/letter_type.html", context)


def letter_type_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Make a letter type."""
    organisation = access.organisation(request, cvr, right=Right.LETTERS_CHANGE)
    form = LetterTypeForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid() and (made := _created(request, form)):
        return _saved(request, made, _("The letter type %(name)s is created."))
    return render(request, "memo/letter_type_create.html", {"form": form, "organisation": organisation})


def _created(request: HttpRequest, form: LetterTypeForm) -> LetterType | None:
    try:
        return concept.create(caller=access.caller(request), letter_type=form.instance)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _saved(request: HttpRequest, letter_type: LetterType, text: str) -> HttpResponse:
    toast(request, text % {"name": letter_type.name})
    return redirect("letter_type", letter_type.organisation.cvr_number, letter_type.pk)


def letter_type_edit(request: HttpRequest, cvr: str, letter_type_id: uuid.UUID) -> HttpResponse:
    """Change a letter type."""
    found = access.letter_type(request, cvr, letter_type_id, right=Right.LETTERS_CHANGE)
    form = LetterTypeEditForm(request.POST or None, instance=found, organisation=found.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            concept.change(caller=access.caller(request), letter_type=form.instance, version=form.version)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _saved(request, found, _("%(name)s is saved."))
    name = LetterType.objects.values_list("name", flat=True).get(pk=found.pk)
    return render(request, "memo/letter_type_edit.html", {"form": form, "letter_type": found, "name": name})


def letter_type_copy(request: HttpRequest, cvr: str, letter_type_id: uuid.UUID) -> HttpResponse:
    """Make a letter type that begins as another one."""
    found = access.letter_type(request, cvr, letter_type_id, right=Right.LETTERS_CHANGE)
    begun = concept.copied(found, name=(_("Copy of %(name)s") % {"name": found.name})[:200])
    form = LetterTypeForm(request.POST or None, instance=begun, organisation=found.organisation)
    if request.method == "POST" and form.is_valid() and (made := _created(request, form)):
        return _saved(request, made, _("The letter type %(name)s is created."))
    return render(request, "memo/letter_type_copy.html", {"form": form, "letter_type": found})


def letter_type_delete(request: HttpRequest, cvr: str, letter_type_id: uuid.UUID) -> HttpResponse:
    """Delete a letter type, after asking once."""
    found = access.letter_type(request, cvr, letter_type_id, right=Right.LETTERS_CHANGE)
    if request.method == "POST":
        try:
            concept.delete(caller=access.caller(request), letter_type=found, version=posted_version(request))
        except StaleVersion:
            toast(request, _("Somebody changed it meanwhile, so it was not deleted."), variant="warning")
            return redirect(request.path)
        toast(request, _("The letter type %(name)s is deleted.") % {"name": found.name})
        return redirect("letter_types", cvr)
    page = reverse("letter_type", args=[cvr, found.pk])
    return confirm(
        request,
        title=_("Delete the letter type %(name)s?") % {"name": found.name},
        consequences=[
            _("It no longer stands in the list, and files cannot be checked against it."),
            _("Letters are not changed. Evidence that was kept for it stays."),
        ],
        submit=_("Delete"),
        cancel_url=page,
        version=found.version,
        crumbs=[_("Letters and MeMo"), reverse("letter_types", args=[cvr]), found.name, page],
    )


def letter_types_follow(request: HttpRequest, cvr: str) -> HttpResponse:
    """Let letter types reply to the successors of their contact points: one of them, or all."""
    organisation = access.organisation(request, cvr, right=Right.LETTERS_CHANGE)
    rows = LetterType.objects.filter(organisation=organisation).with_point()
    waiting = rows.replaced()
    if one := _wanted(request):
        waiting = waiting.filter(pk=one)
    listed = list(waiting)
    if request.method == "POST":
        caller = access.caller(request)
        moved = concept.follow(caller=caller, organisation=organisation, ids=[row.pk for row in listed])
        text = ngettext(
            "%(count)d letter type replies to the successor now.",
            "%(count)d letter types reply to the successors now.",
            len(moved),
        )
        toast(request, text % {"count": len(moved)}, variant="success" if moved else "info")
        return redirect("letter_type", cvr, moved[0].pk) if one and moved else redirect("letter_types", cvr)
    ends = concept.successors(organisation, {row.reply_point_id for row in listed if row.reply_point_id})
    text = _("%(name)s: from %(old)s to %(new)s")
    lines = [
        text % {"name": row.name, "old": row.reply_point_name, "new": ends[row.reply_point_id].name}
        for row in listed
        if row.reply_point_id in ends
    ]
    back = reverse("letter_types", args=[cvr])
    return confirm(
        request,
        title=_("Let letter types follow to the successor?"),
        consequences=lines or [_("No letter type waits for a successor.")],
        submit=_("Let them follow"),
        cancel_url=back,
        danger=False,
        crumbs=[_("Letters and MeMo"), back],
    )


def _wanted(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("brevtype", ""))
    except ValueError:
        return None
