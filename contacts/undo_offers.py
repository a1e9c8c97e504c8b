"""Where undoing is offered: in the toast after a change, and on the page of its event."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from adgang.lib.toasts import toast
from contacts import access, undoing
from contacts.models import Undo
from organisations.models import Event, Organisation
from organisations.rights import Right


def toast_with_undo(request: HttpRequest, text: str | Promise, cvr: str, event: Event) -> None:
    """Say what was done, with a link to undo it."""
    toast(request, text, reverse("structure_undo", args=[cvr, event.pk]), _("Undo"))


def on_event_page(request: HttpRequest, event: Event, organisation: Organisation) -> SafeString:
    """Return the offer to undo what an event tells of, or why it cannot be undone; nothing for other events."""
    if not access.caller(request).may(Right.CONTACTS_CHANGE, organisation):
        return mark_safe("")
    kept = Undo.objects.filter(pk=event.pk, organisation=organisation).first()
    if kept is None:
        return mark_safe("")
    context = {"organisation": organisation, "event": event, "obstacles": undoing.obstacles(kept)}
    return render_to_string("contacts/undo_offer.html", context, request)
