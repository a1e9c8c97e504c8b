"""`{% revocation certificate %}`: whether the certificate is revoked, as far as is known, with age and source."""

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone

from certificates.models import Certificate, Revocation
from certificates.revocation.standing import known, standing_of

register = template.Library()

# While the first answer is awaited the page asks for it this often; later, when workers are away, less.
OFTEN, SELDOM = "every 400ms", "every 5s"
PATIENCE = dt.timedelta(seconds=30)


@register.inclusion_tag("certificates/revocation.html", takes_context=True)
def revocation(context: template.Context, certificate: Certificate) -> dict[str, Any]:
    """Show the answer; while it is awaited, the page fetches it by itself."""
    at = timezone.now()
    answer, standing = known(certificate, at=at), standing_of(certificate)
    awaited = standing is not None and standing.checked is None and answer.status != Revocation.REVOKED
    request = context.get("request")
    return {
        "certificate": certificate,
        "answer": answer,
        "standing": standing,
        "awaited": awaited,
        "trigger": OFTEN if at - certificate.uploaded < PATIENCE else SELDOM,
        "path": request.path if request else "",
    }
