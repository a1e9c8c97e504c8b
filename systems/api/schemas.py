"""A system on the wire: what the registry calls MailSystem."""

import hashlib
import uuid

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import SubjectKeyIdentifier
from cryptography.x509.oid import NameOID

from adgang.lib.api import enums
from adgang.lib.api.wire import (
    Base64,
    Flag,
    Id,
    Int,
    Long,
    Moment,
    Person,
    ResultPage,
    Text,
    Wire,
    base64_list,
    choice,
    choices,
)
from certificates.details import Details, attribute, read_details
from certificates.models import Certificate, SshKey
from systems import models


class AllowedIp(Wire):
    """An address, or a range of at most 32, from which a system calls."""

    id: Id = None
    version: Long = None
    ip: Text = None
    range: Flag = None


class ApiToken(Wire):
    """A system's token. Value and header are answered once, when it is made."""

    id: Id = None
    version: Long = None
    value: Text = None
    authentication_token: Text = None
    last_updated: Moment = None


class Ssh(Wire):
    """A system's SSH user and public key, which is the base64 of its line."""

    id: Id = None
    version: Long = None
    ssh_username: Text = None
    ssh_public_key: Base64 = None
    last_updated: Moment = None


class CertificatePublicKey(Wire):
    """The key of a certificate; `encoded` is its SubjectPublicKeyInfo."""

    id: Id = None
    version: Long = None
    algorithm: Text = None
    format: Text = None
    encoded: Base64 = None


class OcesPublicCertificateCheck(Wire):
    """A certificate."""

    id: Id = None
    version: Long = None
    subject_distinguished_name_serial_number: Text = None
    certificate_authority: Text = None
    certificate_serial_number: Text = None
    expiry_date: Moment = None
    last_updated: Moment = None
    sha1: Text = None
    md5: Text = None
    certificate_public_key: CertificatePublicKey | None = None
    subject_key_identifier: Base64 = None


class OcesPublicCertificateCheckResult(Wire):
    """A certificate that was looked at, and whose it is."""

    cvr_number: Text = None
    oces_public_certificate: OcesPublicCertificateCheck | None = None


class MailSystem(Wire):
    """A system that sends to or receives from Digital Post. `registryId` is its id there, where that is another."""

    id: Id = None
    version: Long = None
    transaction_id: Text = None
    created_date: Moment = None
    last_updated: Moment = None
    name: Text = None
    endpoint: Text = None
    receipt_endpoint: Text = None
    active_from: Moment = None
    active_to: Moment = None
    technical_contact: Person | None = None
    service_protocol: choice(enums.ServiceProtocol) = None  # type: ignore[valid-type]
    standard_system_template_id: Id = None
    organisation_id: Id = None
    system_types: choices(enums.SystemType) = None  # type: ignore[valid-type]
    allowed_ips: list[AllowedIp] | None = None
    ssh: Ssh | None = None
    oces_public_certificate: OcesPublicCertificateCheck | None = None
    api_token: ApiToken | None = None
    receipt_format: choice(enums.ReceiptFormat) = None  # type: ignore[valid-type]
    supplier: Text = None
    business_contact_email: Text = None
    delegated_cvr: Text = None
    default_material_id: Int = None
    registry_id: Id = None


class MailSystemCommand(Wire):
    """What of a system is replaced. Without `registryId` the one that is known stays."""

    name: Text = None
    endpoint: Text = None
    receipt_endpoint: Text = None
    active_from: Moment = None
    active_to: Moment = None
    technical_contact: Person | None = None
    service_protocol: choice(enums.ServiceProtocol) = None  # type: ignore[valid-type]
    standard_system_template_id: Id = None
    organisation_id: Id = None
    system_types: choices(enums.SystemType) = None  # type: ignore[valid-type]
    allowed_ips: list[AllowedIp] | None = None
    receipt_format: choice(enums.ReceiptFormat) = None  # type: ignore[valid-type]
    supplier: Text = None
    business_contact_email: Text = None
    delegated_cvr: Text = None
    default_material_id: Int = None
    registry_id: Id = None


class SystemSearchResult(ResultPage):
    """A page of systems."""

    systems: list[MailSystem] | None = None


def system_wire(row: models.System, *, token: ApiToken | None = None) -> MailSystem:
    """Return a system as it travels; `token` instead of what is known of its own, when that was just made."""
    return MailSystem(
        id=row.pk,
        version=row.version,
        created_date=row.created,
        last_updated=row.updated,
        name=row.name,
        endpoint=row.endpoint or None,
        receipt_endpoint=row.receipt_endpoint or None,
        active_from=row.active_from,
        active_to=row.active_to,
        technical_contact=_contact(row),
        service_protocol=row.service_protocol,
        standard_system_template_id=template_of(row),
        organisation_id=row.organisation_id,
        system_types=types_of(row),
        allowed_ips=[
            AllowedIp(id=one.pk, version=1, ip=one.network, range="/" in one.network) for one in row.allowed_ips.all()
        ],
        ssh=_ssh(row),
        oces_public_certificate=certificate_wire(row.certificate) if row.certificate else None,
        api_token=token or _token(row),
        receipt_format=row.receipt_format,
        supplier=row.supplier or None,
        business_contact_email=row.business_contact_email or None,
        delegated_cvr=row.delegated_cvr or None,
        registry_id=row.registry_id,
    )


def template_of(row: models.System) -> uuid.UUID | None:
    """Return the id of the standard system from which a system was made, if from any."""
    use: models.TemplateUse | None = getattr(row, "template_use", None)
    return use.template_id if use else None


def types_of(row: models.System) -> list[enums.SystemType]:
    """Return what a system does, as the registry names it."""
    flags = (
        (enums.SystemType.SENDER, row.is_sender),
        (enums.SystemType.RECIPIENT, row.is_recipient),
        (enums.SystemType.RECIPIENT_DEFAULT, row.is_default_recipient),
    )
    return [type_ for type_, flag in flags if flag]


def _contact(row: models.System) -> Person | None:
    name, email, phone = row.technical_contact_name, row.technical_contact_email, row.technical_contact_phone
    if not (name or email or phone):
        return None
    return Person(name=name or None, email=email or None, phone_number=phone or None)


def _token(row: models.System) -> ApiToken | None:
    token = row.token
    return ApiToken(id=token.pk, version=1, last_updated=token.created) if token else None


def _ssh(row: models.System) -> Ssh | None:
    if not (row.ssh_username or row.ssh_key):
        return None
    return ssh_wire(row.ssh_key, username=row.ssh_username)


def ssh_wire(key: SshKey | None, *, username: str) -> Ssh:
    """Return an SSH user and key as they travel."""
    if key is None:
        return Ssh(ssh_username=username)
    line = base64_list(key.line.encode())
    return Ssh(id=key.pk, version=1, ssh_username=username or None, ssh_public_key=line, last_updated=key.uploaded)


def certificate_wire(row: Certificate) -> OcesPublicCertificateCheck:
    """Return a registered certificate as it travels."""
    said = details_wire(read_details(row.der))
    said.id, said.version, said.last_updated = row.pk, 1, row.uploaded
    return said


def details_wire(details: Details) -> OcesPublicCertificateCheck:
    """Return what stands in a certificate as it travels. The digests name it; nothing rests on their strength."""
    return OcesPublicCertificateCheck(
        subject_distinguished_name_serial_number=attribute(details.subject_name, NameOID.SERIAL_NUMBER),
        certificate_authority=details.issuer,
        certificate_serial_number=f"{details.serial_number:x}",
        expiry_date=details.not_after,
        sha1=hashlib.sha1(details.der, usedforsecurity=False).hexdigest(),
        md5=hashlib.md5(details.der, usedforsecurity=False).hexdigest(),
        certificate_public_key=_public_key(details),
        subject_key_identifier=_identifier(details),
    )


def _public_key(details: Details) -> CertificatePublicKey | None:
    key = details.public_key
    if key is None:
        return None
    names = ((rsa.RSAPublicKey, "RSA"), (ec.EllipticCurvePublicKey, "EC"))
    edwards = (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)
    name = next((name for kind, name in names if isinstance(key, kind)), "EdDSA" if isinstance(key, edwards) else None)
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return CertificatePublicKey(algorithm=name, format="X.509", encoded=base64_list(encoded))


def _identifier(details: Details) -> Base64:
    try:
        found = details.certificate.extensions.get_extension_for_class(SubjectKeyIdentifier)
    except Exception:  # extensions that the library cannot read, or none of this kind
        return None
    return base64_list(found.value.digest)
