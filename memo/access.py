"""Getters that guard the views of the room."""

import uuid

from django.http import Http404, HttpRequest

from memo.models import LetterType
from organisations.access import caller, member, organisation, public
from organisations.rights import Right


def letter_type(request: HttpRequest, cvr: str | uuid.UUID, letter_type_id: uuid.UUID, *, right: Right) -> LetterType:
    """Return a letter type with its mark. Raises Http404 or PermissionDenied."""
    found = organisation(request, cvr, right=right)
    rows = LetterType.objects.filter(organisation=found, pk=letter_type_id)
    one = rows.with_point().select_related("organisation", "sender_system").first()
    if one is None:
        raise Http404
    return one


__all__ = ["caller", "letter_type", "member", "organisation", "public"]
