"""The list of an organisation's credentials, and a page for each of them."""

import uuid
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.text import slugify

from adgang.lib import lists
from organisations.event_reading import object_events
from organisations.models import Organisation
from organisations.rights import Right
from systems import access, timeline
from systems.credential_list import credential_list
from systems.credential_page import CertificatePage, SshKeyPage
from systems.credential_words import common_name
from systems.models import CertificateSwapRequest

PEM_TYPE = "application/x-pem-file"


def credentials(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the certificates and keys that the person may see, under the picture of when they expire."""
    scope = access.credentials(request, cvr, right=Right.SYSTEMS_VIEW)
    at = timezone.now()
    slots = timeline.timeline(cvr, scope.rows.used(), at=at)
    caller = access.caller(request)
    may_change = caller.may(Right.SYSTEMS_CHANGE, scope.organisation)
    waiting = CertificateSwapRequest.objects.filter(organisation=scope.organisation).waiting()
    context = {
        "organisation": scope.organisation,
        "slots": slots,
        "expiring": [slot for slot in slots if slot.count],
        "picture_wide": timeline.wide(slots),
        "picture_tall": timeline.tall(slots),
        "may_change": may_change,
        "may_follow": caller.may(Right.OVERVIEW_VIEW, scope.organisation),
        "requests": waiting.select_related("asked_by", "certificate") if may_change else [],
    }
    systems = [(str(pk), name) for pk, name in scope.systems.order_by("name").values_list("pk", "name")]
    rows = cast(lists.Rows, scope.rows)
    spec = credential_list(cvr, at=at, systems=systems)
    return lists.respond(request, spec, rows, template="systems/credentials.html", context=context)


def certificate(request: HttpRequest, cvr: str, certificate_id: uuid.UUID) -> HttpResponse:
    """Show one certificate."""
    found = access.certificate(request, cvr, certificate_id, right=Right.SYSTEMS_VIEW)
    page = CertificatePage(found, caller=access.caller(request), at=timezone.now())
    context = {
        "certificate": found,
        "page": page,
        "events": _events(request, page, found.organisation, found.sha256[:16]),
    }
    return render(request, "systems/certificate.html", context)


def certificate_download(request: HttpRequest, cvr: str, certificate_id: uuid.UUID) -> HttpResponse:
    """Hand out the certificate itself, which is public, as PEM."""
    found = access.certificate(request, cvr, certificate_id, right=Right.SYSTEMS_VIEW)
    return _file(found.pem, f"{slugify(common_name(found.subject)) or 'certifikat'}-{found.sha256[:8]}.pem", PEM_TYPE)


def public_key(request: HttpRequest, cvr: str, key_id: uuid.UUID) -> HttpResponse:
    """Show one SSH key."""
    found = access.ssh_key(request, cvr, key_id, right=Right.SYSTEMS_VIEW)
    page = SshKeyPage(found, caller=access.caller(request))
    context = {
        "key": found,
        "page": page,
        "events": _events(request, page, found.organisation, found.fingerprint),
    }
    return render(request, "systems/public_key.html", context)


def public_key_download(request: HttpRequest, cvr: str, key_id: uuid.UUID) -> HttpResponse:
    """Hand out the public key as the line that stands in a server's authorized_keys."""
    found = access.ssh_key(request, cvr, key_id, right=Right.SYSTEMS_VIEW)
    return _file(
        f"{found.line}\n", f"{slugify(found.comment) or 'ssh-noegle'}-{found.fingerprint[7:15]}.pub", "text/plain"
    )


def _file(text: str, name: str, media_type: str) -> HttpResponse:
    disposition = content_disposition_header(True, name.replace("/", "_")) or "attachment"
    return HttpResponse(text, content_type=media_type, headers={"Content-Disposition": disposition})


def _events(
    request: HttpRequest, page: CertificatePage | SshKeyPage, organisation: Organisation, mark: str
) -> SafeString:
    """Return what happened to the credential: its own events, and those of systems that name it.

    Whose role reaches single systems only is told of those alone.
    """
    if access.caller(request).may(Right.SYSTEMS_VIEW, organisation):
        return object_events(request, organisation, *page.registrations, mentions=mark)
    own = [use.system.pk for use in page.uses if not use.foreign]
    return object_events(request, organisation, *page.registrations, *own)
