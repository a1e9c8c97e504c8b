"""The mail to a person whose employee certificate was revoked."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from certificates.models import Certificate
from organisations.mail import about
from organisations.models import Mail

REVOKED = "own_certificate_revoked"


def revoked_mail(mail: Mail) -> dict[str, Any] | None:
    """Return the certificate and where to register another; None when it was removed meanwhile."""
    found = Certificate.objects.filter(pk=about(mail)).select_related("standing", "organisation").first()
    if found is None:
        return None
    path = reverse("moces_upload", args=[found.organisation.cvr_number])
    return {"certificate": found, "url": f"{settings.ADGANG_BASE_URL}{path}"}
