"""What the rooms below may learn of letters: links to logged letter types, and a panel on a system's page."""

import uuid

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from memo import access
from memo.models import Evidence, LetterType
from organisations.models import Organisation
from organisations.rights import Right
from systems.models import System

SHOWN = 10


def object_link(kind: str, object_id: uuid.UUID, organisation: Organisation) -> str:
    """Return the URL of a logged letter type; "" for what is not of this room or is deleted."""
    if kind != "lettertype" or not LetterType.objects.filter(pk=object_id, organisation=organisation).exists():
        return ""
    return reverse("letter_type", args=[organisation.cvr_number, object_id])


def system_panel(request: HttpRequest, system: System) -> SafeString:
    """Return a sender system's letter types and the newest evidence that it can produce MeMo."""
    if not system.is_sender or not access.caller(request).may(Right.LETTERS_VIEW, system.organisation):
        return mark_safe("")
    context = {
        "system": system,
        "letter_types": LetterType.objects.filter(sender_system=system)[:SHOWN],
        "evidence": Evidence.objects.filter(system=system)[:SHOWN],
    }
    return render_to_string("memo/system_panel.html", context, request)
