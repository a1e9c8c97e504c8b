"""The panel on a person's page: the employee certificate (MOCES) they have registered."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from certificates.models import Certificate
from organisations import access
from organisations.models import Organisation, User


def person_panel(request: HttpRequest, user: User, organisation: Organisation) -> SafeString:
    """Return the panel about `user`; only the person sees the way to upload and remove."""
    context = {
        "certificates": Certificate.objects.of_person(user, organisation),
        "organisation": organisation,
        "is_own": access.caller(request).user == user,
        "is_own_page": request.resolver_match is not None and request.resolver_match.url_name == "moces_upload",
        "now": timezone.now(),
    }
    return render_to_string("certificates/person_panel.html", context, request=request)
