"""The mail that tells a responsible person of their line."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from adgang.lib import dates
from adgang.overview import progress
from adgang.overview.board import board
from organisations.models import Mail, Organisation


def readiness_line(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail's text needs, as the line stands while it is sent; None when the line is gone."""
    if mail.organisation is None:
        return None
    with translation.override(mail.language):
        return _context(mail, mail.organisation)


def _context(mail: Mail, organisation: Organisation) -> dict[str, Any] | None:
    for status in board(organisation, at=timezone.now()).statuses:
        if status.row.pk == mail.object_id:
            overview = reverse("overview", args=[organisation.cvr_number])
            return {
                "row": status.row,
                "title": str(status.line.title),
                "why": str(status.line.why),
                "word": progress.word(status),
                "evidence": "; ".join([*(str(one.text) for one in status.found), status.row.evidence]).strip("; "),
                "due": dates.day(status.due),
                "url": f"{settings.ADGANG_BASE_URL}{overview}#line-{status.line.key}",
            }
    return None
