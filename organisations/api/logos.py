"""The logo of an organisation by API."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from adgang.lib.api.binaries import binary
from adgang.lib.api.errors import of_findings
from adgang.lib.api.operations import Answer, operation
from adgang.lib.api.uploads import FILE, file_of
from adgang.lib.api.versions import expected
from adgang.lib.findings import Finding
from organisations import access, logos
from organisations.api.schemas import Logo
from organisations.rights import Right

router = Router(tags=["Organisations"])
PNG: dict[int, Any] = {200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}}


@operation(
    router,
    "GET",
    "organisations/{uuid:id}/logo",
    summary="Read the logo",
    errors=(401, 403, 404),
    extra={"responses": PNG},
)
def logo_read(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Return the logo as PNG."""
    row = access.seen(request, id, right=Right.ORGANISATION_VIEW).organisation
    if row.logo is None:
        raise Http404
    return binary(request, row.logo.content(), "image/png", version=row.version)


@operation(
    router,
    "PUT",
    "organisations/{uuid:id}/logo",
    summary="Change the logo",
    answer=Logo,
    errors=(400, 401, 403, 404, 413),
    versioned=True,
    extra=FILE,
)
def logo_change(request: HttpRequest, id: uuid.UUID) -> Answer:
    """Give the organisation a logo: a PNG of at most 512 KiB and 1000 × 1000 pixels, which is encoded anew.

    The version is the organisation's.
    """
    row = access.organisation(request, id, right=Right.ORGANISATION_CHANGE)
    version = expected(request)
    picture = logos.read(file_of(request, limit=logos.MAX_BYTES))
    if isinstance(picture, Finding):
        raise of_findings([picture], resource="logo", field="file", code="logo.refused")
    changed = logos.change(caller=access.caller(request), organisation=row, version=version, picture=picture)
    body = Logo(id=changed.logo_id, version=changed.version, file_size=changed.logo.size if changed.logo else None)
    return Answer(body=body, version=changed.version)


@operation(
    router,
    "DELETE",
    "organisations/{uuid:id}/logo",
    summary="Delete the logo",
    status=204,
    errors=(400, 401, 403, 404),
    versioned=True,
)
def logo_delete(request: HttpRequest, id: uuid.UUID) -> None:
    """Take the logo away. The version is the organisation's."""
    row = access.organisation(request, id, right=Right.ORGANISATION_CHANGE)
    version = expected(request)
    if row.logo is None:
        raise Http404
    logos.change(caller=access.caller(request), organisation=row, version=version, picture=None)
