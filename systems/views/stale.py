"""What a page without fields of its own does when somebody changed the system while it was being read."""

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from systems.models import System

CONFLICT = 409


def posted_version(request: HttpRequest) -> int:
    """Return the version the page was made from; 0, which no object has, for nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def look_again(request: HttpRequest, cvr: str, stale: StaleVersion) -> HttpResponse:
    """Send the person back to the same page as it is now, or to the list when the system is deleted."""
    if stale.current is None:
        toast(request, _("The system was deleted while you were reading. Nothing was done."), variant="warning")
        return redirect("systems", cvr)
    text = _("Somebody else changed the system while you were reading, so nothing was done. Look again and repeat it.")
    toast(request, text, variant="warning")
    return redirect(request.path)


def keep_typed(request: HttpRequest, form: BaseForm, stale: StaleVersion) -> System | None:
    """Let the same form be sent again on top of what the system is now, which is returned; None when it is deleted.

    What was typed stays, with the reason why it was not saved.
    """
    if stale.current is None:
        return None
    current = System.objects.with_page_data().get(pk=stale.current.pk)
    form.data = request.POST.copy()
    form.data[form.add_prefix("version")] = str(current.version)
    form.add_error(
        None, _("Somebody else changed the system while you were writing. Look at it as it is now, and send it again.")
    )
    return current


def system_url(cvr: str, system_id: object) -> str:
    """Return the URL of a system's page."""
    return reverse("system", args=[cvr, system_id])
