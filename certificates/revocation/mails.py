"""The mails to a person whose employee certificate was revoked, or is no longer accepted."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from certificates.models import Certificate
from organisations.mail import about
from organisations.models import Mail

REVOKED = "own_certificate_revoked"
REFUSED = "own_certificate_refused"


def revoked_mail(mail: Mail) -> dict[str, Any] | None:
    """Return the certificate and where to register another; None when it was removed meanwhile."""
    found = _certificate(mail)
    return {"certificate": found, "url": _page(found)} if found else None


def refused_mail(mail: Mail) -> dict[str, Any] | None:
    """Return the certificate and what refuses it; None when it was removed or is accepted again."""
    found = _certificate(mail)
    errors = found.standing.errors if found and hasattr(found, "standing") else []
    return {"certificate": found, "url": _page(found), "errors": errors} if found and errors else None


def _certificate(mail: Mail) -> Certificate | None:
    return Certificate.objects.filter(pk=about(mail)).select_related("standing", "organisation").first()


def _page(certificate: Certificate) -> str:
    return f"{settings.ADGANG_BASE_URL}{reverse('moces_upload', args=[certificate.organisation.cvr_number])}"
