"""A system's certificate, SSH key and token by API, and the check of a certificate that belongs to none."""

import uuid

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from adgang.lib.api.enums import ServiceProtocol
from adgang.lib.api.errors import ApiError, of_findings
from adgang.lib.api.operations import Answer, operation
from adgang.lib.api.uploads import FILE, file_of
from adgang.lib.findings import Finding, Severity
from adgang.lib.uploads import CREDENTIAL_LIMIT
from certificates.details import read_details
from certificates.kinds import SYSTEM_KINDS
from organisations.rights import Right
from systems import access, api_tokens, credentials, prechecking
from systems.api.schemas import (
    ApiToken,
    MailSystem,
    OcesPublicCertificateCheck,
    OcesPublicCertificateCheckResult,
    Ssh,
    certificate_wire,
    details_wire,
    ssh_wire,
    system_wire,
)
from systems.models import System
from systems.protocols import NEEDS, Protocol

router = Router(tags=["Certificates, keys, tokens"])


def _errors(findings: tuple[Finding, ...]) -> ApiError:
    wrong = [found for found in findings if found.severity is Severity.ERROR]
    return of_findings(wrong, resource="certificate", field="file", code="certificate.refused")


@operation(
    router,
    "POST",
    "organisations/oces-public-certificate/check/{protocolType}",
    summary="Check a certificate",
    answer=OcesPublicCertificateCheckResult,
    errors=(400, 401, 403, 404),
    extra=FILE,
)
def certificate_check(request: HttpRequest, protocolType: ServiceProtocol) -> OcesPublicCertificateCheckResult:
    """Judge a certificate for systems of a protocol; nothing is kept. What refuses it is named, as on the page."""
    access.reader(request, right=Right.SYSTEMS_VIEW)
    if protocolType not in Protocol.values or not NEEDS[Protocol(protocolType)].certificate:
        text = _("Systems of the protocol %(protocol)s have no certificate.") % {"protocol": protocolType}
        raise ApiError(400, "protocol.without_certificate", text)
    judged = prechecking.judged(file_of(request, limit=CREDENTIAL_LIMIT).read(), kinds=SYSTEM_KINDS, at=timezone.now())
    if judged.certificate is None or not judged.verdict.accepted:
        raise _errors(judged.verdict.findings)
    return OcesPublicCertificateCheckResult(
        cvr_number=judged.verdict.cvr, oces_public_certificate=details_wire(read_details(judged.certificate.der))
    )


@operation(
    router,
    "POST",
    "organisations/{uuid:org}/systems/{uuid:systemId}/certificate/",
    summary="Upload the certificate",
    answer=OcesPublicCertificateCheck,
    status=201,
    errors=(400, 401, 403, 404, 409),
    extra=FILE,
)
def certificate_upload(request: HttpRequest, org: uuid.UUID, systemId: uuid.UUID) -> Answer:
    """Put a certificate in force, which takes the place of the present one."""
    system = access.system(request, org, systemId, right=Right.SYSTEMS_CHANGE)
    data = file_of(request, limit=CREDENTIAL_LIMIT).read()
    received = credentials.give_certificate(
        caller=access.caller(request), system=system, version=system.version, data=data, at=timezone.now()
    )
    if received.certificate is None:
        raise _errors(received.findings)
    return Answer(body=certificate_wire(received.certificate), version=system.version)


@operation(
    router,
    "POST",
    "organisations/{uuid:org}/systems/{uuid:systemId}/sshkey/",
    summary="Upload the SSH public key",
    answer=Ssh,
    status=201,
    errors=(400, 401, 403, 404, 409),
    extra=FILE,
)
def ssh_key_upload(request: HttpRequest, org: uuid.UUID, systemId: uuid.UUID) -> Answer:
    """Make a public key the system's only one. A private key is refused, and none of it is kept or answered."""
    system = access.system(request, org, systemId, right=Right.SYSTEMS_CHANGE)
    data = file_of(request, limit=CREDENTIAL_LIMIT).read()
    received = credentials.give_ssh_key(
        caller=access.caller(request), system=system, version=system.version, data=data, at=timezone.now()
    )
    if received.key is None:
        wrong = [one for one in received.findings if one.severity is Severity.ERROR]
        raise of_findings(wrong, resource="ssh", field="file", code="ssh_key.refused")
    return Answer(body=ssh_wire(received.key, username=system.ssh_username), version=system.version)


@operation(
    router,
    "POST",
    "organisations/{uuid:org}/systems/{uuid:id}/renewapitoken",
    summary="Make or renew the API token",
    answer=MailSystem,
    errors=(400, 401, 403, 404, 409),
)
def api_token_renew(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Make a new token, which ends the old one and takes the certificate out of force, as the registry does.

    The token is in this answer and nowhere else, not even when the call is repeated with its idempotency key.
    """
    system = access.system(request, org, id, right=Right.SYSTEMS_CHANGE)
    value = api_tokens.renew(caller=access.caller(request), system=system, version=system.version, at=timezone.now())
    told = _told(system, value)
    return Answer(body=system_wire(system, token=told), version=system.version, kept=system_wire(system))


def _told(system: System, value: str) -> ApiToken:
    """Return the token with what is answered this once; the registry writes the scheme in small letters."""
    header = api_tokens.authorization(system, value)
    return ApiToken(
        id=system.token.pk if system.token else None,
        version=1,
        value=value,
        authentication_token="basic " + header.partition(" ")[2],
        last_updated=system.token.created if system.token else None,
    )
