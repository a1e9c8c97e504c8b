"""What is to be said of systems, certificates and SSH keys today, by API: the findings of their pages."""

import uuid

from django.http import HttpRequest
from django.utils import timezone

from adgang.lib.api.findings import Findings, findings_wire
from adgang.lib.api.operations import OwnRouter, operation
from organisations.rights import Right
from systems import access, lifecycle
from systems.credential_page import CertificatePage, SshKeyPage
from systems.notices import notices

router = OwnRouter(tags=["Findings"])


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/systems/{uuid:id}/findings",
    summary="Findings about a system",
    answer=Findings,
    errors=(401, 403, 404),
)
def system_findings(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Findings:
    """Return what a system lacks to be in service, what puts its connection in doubt, and what deserves attention."""
    system = access.system(request, org, id, right=Right.SYSTEMS_VIEW)
    at = timezone.now()
    lacking, doubts = lifecycle.found_of(system, at=at)
    return findings_wire([*lacking, *doubts, *notices(system, at=at)])


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/certificates/{uuid:id}/findings",
    summary="Findings about a certificate",
    answer=Findings,
    errors=(401, 403, 404),
)
def certificate_findings(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Findings:
    """Return what is found of a certificate today, judged anew; `id` is that of `ocesPublicCertificate`."""
    certificate = access.certificate(request, org, id, right=Right.SYSTEMS_VIEW)
    page = CertificatePage(certificate, caller=access.caller(request), at=timezone.now())
    return findings_wire(page.findings)


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/ssh-keys/{uuid:id}/findings",
    summary="Findings about an SSH key",
    answer=Findings,
    errors=(401, 403, 404),
)
def ssh_key_findings(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Findings:
    """Return what is found of an SSH key today, judged anew; `id` is that of `ssh`."""
    key = access.ssh_key(request, org, id, right=Right.SYSTEMS_VIEW)
    return findings_wire(SshKeyPage(key, caller=access.caller(request)).findings)
