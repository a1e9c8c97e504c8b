"""What the pages of the structure share: where they lead afterwards, and what when somebody else was first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import filters
from contacts.models import ContactGroup, ContactPoint
from contacts.views.beside import OPEN

LONGEST_VERSION = 18
CIRCLE = gettext_lazy("That one is itself replaced by this one. Choose another.")


def group_url(group: ContactGroup) -> str:
    """Return the URL of a group's page."""
    return reverse("group", args=[group.organisation.cvr_number, group.pk])


def point_url(point: ContactPoint) -> str:
    """Return the URL of a point's page."""
    return reverse("point", args=[point.organisation.cvr_number, point.pk])


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the person to a page of the structure, with the tree as open and as filtered as it was."""
    opened = request.GET.get(OPEN, "")
    state = filters.given(request.GET) | ({OPEN: opened} if opened else {})
    return redirect(f"{url}?{urlencode(state)}" if state else url)


def posted_version(request: HttpRequest) -> int:
    """Return the version the page was made from; 0, which no object has, for nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else 0


def look_again(request: HttpRequest, stale: StaleVersion, cvr: str) -> HttpResponse:
    """Send the person back to the same page as it is now, or to the structure when the object is deleted."""
    if stale.current is None:
        toast(request, _("It was deleted while you were reading. Nothing was done."), variant="warning")
        return redirect("structure", cvr)
    text = _("Somebody else changed it while you were reading, so nothing was done. Look again and repeat it.")
    toast(request, text, variant="warning")
    return redirect(request.get_full_path())
