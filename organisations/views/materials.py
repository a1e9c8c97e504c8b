"""The operator's materials, contacts and minimum requirements."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm, posted_version
from adgang.lib.conflicts import conflict_response
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access, materials
from organisations.forms.materials import MaterialForm
from organisations.models import Material
from organisations.rights import Right


def operations_materials(request: HttpRequest) -> HttpResponse:
    """List what every authority is shown, by kind and step."""
    caller = access.operator(request, right=Right.OPERATIONS_VIEW)
    listed = list(Material.objects.all())
    context = {
        "groups": [(kind.label, [material for material in listed if material.kind == kind]) for kind in Material.Kind],
        "may_change": caller.may_operate(Right.OPERATIONS_CHANGE),
    }
    return render(request, "organisations/operations_materials.html", context)


def material_create(request: HttpRequest) -> HttpResponse:
    """Add a material."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    form = MaterialForm(request.POST or None)
    if form.is_valid():
        materials.create(caller=caller, material=form.instance)
        toast(request, _("“%(title)s” was added.") % {"title": form.instance})
        return redirect("operations_materials")
    return render(request, "organisations/material_create.html", {"form": form})


def material_edit(request: HttpRequest, material_id: uuid.UUID) -> HttpResponse:
    """Change a material."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    material = get_object_or_404(Material, pk=material_id)
    form = MaterialForm(request.POST or None, instance=material)
    if form.is_valid():
        try:
            materials.change(caller=caller, material=form.instance, version=form.version)
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        toast(request, _("“%(title)s” was saved.") % {"title": form.instance})
        return redirect("operations_materials")
    return render(request, "organisations/material_edit.html", {"form": form, "material": material})


def material_delete(request: HttpRequest, material_id: uuid.UUID) -> HttpResponse:
    """Delete a material, after asking once."""
    caller = access.operator(request, right=Right.OPERATIONS_CHANGE)
    material = get_object_or_404(Material, pk=material_id)
    back = reverse("operations_materials")
    if request.method == "POST":
        title = str(material)
        try:
            materials.delete(caller=caller, material=material, version=posted_version(request))
        except StaleVersion:
            toast(request, _("Somebody changed it meanwhile, so it was not deleted."), variant="warning")
            return redirect("material_delete", material_id)
        toast(request, _("“%(title)s” was deleted.") % {"title": title})
        return redirect(back)
    return confirm(
        request,
        title=_("Delete “%(title)s”?") % {"title": material},
        consequences=[_("No authority sees it any more.")],
        submit=_("Delete"),
        cancel_url=back,
        version=material.version,
        crumbs=[_("Operations"), reverse("operations"), _("Materials"), back],
    )
