"""Standard systems for whoever runs the installation: all of them, edited and retired on a vendor's behalf."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib import lists
from adgang.lib.confirm import ReasonForm, confirm
from adgang.lib.conflicts import conflict_response
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access
from systems.forms.fields import take_findings
from systems.forms.standard import OperatorsTemplateForm, take_template_errors
from systems.models import SystemTemplate
from systems.standard import publishing
from systems.standard.listing import operations_list, with_uses
from systems.standard.showing import TemplatePage
from systems.views.stale import posted_version
from systems.views.standard import changed_meanwhile, publication, retirement, told


def operations_templates(request: HttpRequest) -> HttpResponseBase:
    """List the standard systems of every vendor."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    rows = with_uses(SystemTemplate.objects.all())
    return lists.respond(request, operations_list(), rows, template="systems/operations_templates.html")


def operations_template(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Show a standard system and who uses it."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    template = _template(template_id)
    may_change = caller.may_operate(Right.OPERATIONS_CHANGE)
    page = TemplatePage(template, reader=None, may_change=may_change, operates=True)
    return render(request, "systems/operations_template.html", {"template": template, "page": page})


def operations_template_edit(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Change a vendor's standard system, with a reason; it counts once it is published."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    template = _template(template_id)
    form = OperatorsTemplateForm(request.POST or None, template=template)
    if request.method == "POST" and form.is_valid():
        version, reason = form.version_seen, form.cleaned_data["reason"]
        try:
            refused = publishing.change(
                caller=caller, template=form.filled(), version=version, reason=reason, operator=True
            )
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        except ValidationError as error:
            take_template_errors(form, error)
        else:
            if not refused:
                toast(request, _("%(name)s is saved.") % {"name": template.name})
                return redirect("operations_template", template.pk)
            take_findings(form, refused)
    return render(request, "systems/operations_template_edit.html", {"template": template, "form": form})


def operations_template_publish(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Publish a vendor's working copy, with a reason that the authorities read."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    template = _template(template_id)
    form, back = ReasonForm(request.POST or None), reverse("operations_template", args=[template_id])
    if request.method == "POST" and form.is_valid():
        note, version, at = form.cleaned_data["reason"], posted_version(request), timezone.now()
        try:
            refused = publishing.publish(
                caller=caller, template=template, version=version, note=note, at=at, operator=True
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
        crumbs=_crumbs(template),
    )


def operations_template_retire(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Take a vendor's standard system off the list, with a reason."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    template = _template(template_id)
    form, back = ReasonForm(request.POST or None), reverse("operations_template", args=[template_id])
    if request.method == "POST" and form.is_valid():
        reason, version, at = form.cleaned_data["reason"], posted_version(request), timezone.now()
        try:
            refused = publishing.retire(
                caller=caller, template=template, version=version, reason=reason, at=at, operator=True
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
        crumbs=_crumbs(template),
    )


def _template(template_id: uuid.UUID) -> SystemTemplate:
    return get_object_or_404(SystemTemplate.objects.select_related("organisation"), pk=template_id)


def _crumbs(template: SystemTemplate) -> list[object]:
    page = reverse("operations_template", args=[template.pk])
    return [
        *(_("Operations"), reverse("operations"), _("Standard systems"), reverse("operations_templates")),
        *(template.name, page),
    ]
