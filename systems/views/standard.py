"""Standard systems of vendors: the list, one of them, writing, publishing and retiring one's own."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adgang.lib import lists
from adgang.lib.confirm import ReasonForm, confirm
from adgang.lib.conflicts import conflict_response
from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access
from systems.drafting import first_open_step
from systems.forms.fields import take_findings
from systems.forms.standard import PublishForm, TemplateForm, TemplateStartForm, take_template_errors
from systems.models import SystemTemplate
from systems.standard import publishing, using
from systems.standard.listing import templates_list, with_uses
from systems.standard.showing import TemplatePage
from systems.views.creating import step_url
from systems.views.stale import posted_version


def system_templates(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List what vendors have published, and the organisation's own."""
    organisation = access.organisation(request, cvr, right=Right.SYSTEMS_VIEW)
    may_change = access.caller(request).may(Right.SYSTEMS_CHANGE, organisation)
    rows = with_uses(SystemTemplate.objects.readable_for(organisation.pk), organisation)
    return lists.respond(
        request,
        templates_list(organisation),
        rows,
        template="systems/system_templates.html",
        context={"organisation": organisation, "may_change": may_change},
        empty_action=(reverse("system_template_create", args=[cvr]), _("Describe a standard system"))
        if may_change
        else None,
    )


def system_template(request: HttpRequest, cvr: str, template_id: uuid.UUID) -> HttpResponse:
    """Show a standard system: to its vendor as it is written now, to others as it is published."""
    template = access.template(request, cvr, template_id, right=Right.SYSTEMS_VIEW)
    organisation, caller = access.organisation(request, cvr, right=Right.SYSTEMS_VIEW), access.caller(request)
    page = TemplatePage(
        template, reader=organisation, may_change=caller.may(Right.SYSTEMS_CHANGE, organisation), cvr=cvr
    )
    return render(request, "systems/system_template.html", {"template": template, "page": page, "cvr": cvr})


def system_template_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Begin a standard system of the organisation's own."""
    organisation = access.organisation(request, cvr, right=Right.SYSTEMS_CHANGE)
    form = TemplateStartForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            made = publishing.create(caller=access.caller(request), template=form.template())
        except ValidationError as error:
            take_template_errors(form, error)
        else:
            toast(request, _("%(name)s is begun. Nobody else sees it before you publish it.") % {"name": made.name})
            return redirect("system_template_edit", cvr, made.pk)
    return render(request, "systems/system_template_create.html", {"form": form, "organisation": organisation})


def system_template_edit(request: HttpRequest, cvr: str, template_id: uuid.UUID) -> HttpResponse:
    """Change the organisation's own standard system; authorities see it once it is published again."""
    template = access.own_template(request, cvr, template_id, right=Right.SYSTEMS_CHANGE)
    form = TemplateForm(request.POST or None, template=template)
    if request.method == "POST" and form.is_valid():
        version = form.version_seen
        try:
            refused = publishing.change(caller=access.caller(request), template=form.filled(), version=version)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        except ValidationError as error:
            take_template_errors(form, error)
        else:
            if not refused:
                toast(request, _("%(name)s is saved.") % {"name": template.name})
                return redirect("system_template", cvr, template.pk)
            take_findings(form, refused)
    return render(request, "systems/system_template_edit.html", {"template": template, "form": form, "cvr": cvr})


def system_template_publish(request: HttpRequest, cvr: str, template_id: uuid.UUID) -> HttpResponse:
    """Publish the working copy as the next edition."""
    template = access.own_template(request, cvr, template_id, right=Right.SYSTEMS_CHANGE)
    form, back = PublishForm(request.POST or None), template_url(cvr, template)
    if request.method == "POST" and form.is_valid():
        try:
            refused = publishing.publish(
                caller=access.caller(request),
                template=template,
                version=posted_version(request),
                note=form.cleaned_data["note"],
                at=timezone.now(),
            )
        except StaleVersion:
            refused = changed_meanwhile()
        done = _("Edition %(edition)s of %(name)s is published.")
        return told(request, refused, done % {"edition": template.edition, "name": template.name}, back)
    return confirm(
        request,
        title=_("Publish %(name)s?") % {"name": template.name},
        consequences=publication(template),
        submit=_("Publish"),
        cancel_url=back,
        danger=False,
        form=form,
        version=template.version,
        crumbs=crumbs(cvr, template),
    )


def system_template_retire(request: HttpRequest, cvr: str, template_id: uuid.UUID) -> HttpResponse:
    """Take the organisation's own standard system off the list."""
    template = access.own_template(request, cvr, template_id, right=Right.SYSTEMS_CHANGE)
    form, back = ReasonForm(request.POST or None), template_url(cvr, template)
    if request.method == "POST" and form.is_valid():
        try:
            refused = publishing.retire(
                caller=access.caller(request),
                template=template,
                version=posted_version(request),
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except StaleVersion:
            refused = changed_meanwhile()
        return told(request, refused, _("%(name)s is retired.") % {"name": template.name}, back)
    return confirm(
        request,
        title=_("Retire %(name)s?") % {"name": template.name},
        consequences=retirement(template),
        submit=_("Retire the standard system"),
        cancel_url=back,
        form=form,
        version=template.version,
        crumbs=crumbs(cvr, template),
    )


def system_template_delete(request: HttpRequest, cvr: str, template_id: uuid.UUID) -> HttpResponse:
    """Delete a standard system that was never published."""
    template = access.own_template(request, cvr, template_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        try:
            refused = publishing.delete(
                caller=access.caller(request), template=template, version=posted_version(request)
            )
        except StaleVersion:
            refused = changed_meanwhile()
        back = template_url(cvr, template) if refused else reverse("system_templates", args=[cvr])
        return told(request, refused, _("%(name)s is deleted.") % {"name": template.name}, back)
    return confirm(
        request,
        title=_("Delete %(name)s?") % {"name": template.name},
        consequences=[_("What you have written is deleted. Nobody else has seen it.")],
        submit=_("Delete the standard system"),
        cancel_url=template_url(cvr, template),
        version=template.version,
        crumbs=crumbs(cvr, template),
    )


@require_POST
def system_template_use(request: HttpRequest, cvr: str, template_id: uuid.UUID) -> HttpResponse:
    """Begin a system of the authority's own from a published standard system."""
    template = access.template(request, cvr, template_id, right=Right.SYSTEMS_CHANGE)
    organisation = access.organisation(request, cvr, right=Right.SYSTEMS_CHANGE)
    edition = publishing.newest_edition(template) if template.is_on_offer else None
    if edition is None:
        toast(request, _("%(name)s is not on offer.") % {"name": template.name}, variant="warning")
        return redirect("system_templates", cvr)
    draft = using.begin(caller=access.caller(request), organisation=organisation, edition=edition)
    return redirect(step_url(organisation, draft, first_open_step(draft)))


def template_url(cvr: str, template: SystemTemplate) -> str:
    """Return the URL of a standard system's page."""
    return reverse("system_template", args=[cvr, template.pk])


def crumbs(cvr: str, template: SystemTemplate) -> list[object]:
    """Return the trail to a standard system's page."""
    return [
        *(_("Systems"), reverse("systems", args=[cvr]), _("Standard systems"), reverse("system_templates", args=[cvr])),
        *(template.name, template_url(cvr, template)),
    ]


def changed_meanwhile() -> list[Finding]:
    """Return what refuses an act on a standard system that somebody else has changed."""
    return [finding("template.changed_meanwhile")]


def told(request: HttpRequest, refused: Sequence[Finding], done: str, url: str) -> HttpResponse:
    """Say what refused an act, or that it was done, and go on to the page."""
    for found in refused:
        toast(request, f"{found.message} {found.remedy}", variant="warning")
    if not refused:
        toast(request, done)
    return redirect(url)


def publication(template: SystemTemplate) -> list[str]:
    """Return what a publication does."""
    count = len(publishing.users_of(template))
    lines = [_("Every authority here can read it and make a system from it.")]
    if count:
        text = _("The change is offered for the systems made from it (%(count)s); each authority decides for itself.")
        lines.append(text % {"count": count})
    return [*lines, _("A published edition stays as it is. What you change later is a new edition.")]


def retirement(template: SystemTemplate) -> list[str]:
    """Return what retiring does, and who still uses the standard system."""
    lines = [_("No authority can make a system from it any more, and no change of it is offered.")]
    if users := publishing.users_of(template):
        names = ", ".join(dict.fromkeys(use.system.organisation.name for use in users))
        text = _("Systems made from it stay as they are (%(count)s): %(names)s.")
        return [*lines, text % {"count": len(users), "names": names}]
    return [*lines, _("No system was made from it.")]
