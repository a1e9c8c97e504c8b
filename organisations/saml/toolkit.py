"""The settings of python3-saml: who we are, whom we believe, and what we demand (OIOSAML Web SSO Profile 3.0)."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.urls import reverse
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

# Attributes by their names in OIOSAML 3.
LEVEL = "https://data.gov.dk/concept/core/nsis/loa"
PERSON = "https://data.gov.dk/model/core/eid/professional/uuid/persistent"
CVR = "https://data.gov.dk/model/core/eid/professional/cvr"
PROFESSIONAL = "https://data.gov.dk/eid/Professional"  # the kind of identity asked for: an employee's


def our_name() -> str:
    """Return the portal's entity ID."""
    return settings.ADGANG_SAML_ENTITY_ID or _url("saml_metadata")


def toolkit(
    *, with_provider: bool = True, signed_messages: bool = False, other: bool = False
) -> OneLogin_Saml2_Settings:
    """Return the settings. `signed_messages` demands a signature around messages too, as those about logging out need.

    `other`: with the pair that follows or precedes ours, for what is encrypted with it while ours is being changed.
    Raises ValueError when certificate, key or metadata cannot be used.
    """
    return _toolkit(
        settings.ADGANG_SAML_IDP_METADATA if with_provider else "",
        our_name(),
        settings.ADGANG_BASE_URL,
        settings.ADGANG_SAML_OTHER_CERTIFICATE if other else settings.ADGANG_SAML_CERTIFICATE,
        settings.ADGANG_SAML_OTHER_KEY if other else settings.ADGANG_SAML_KEY,
        "" if other else settings.ADGANG_SAML_OTHER_CERTIFICATE,
        settings.ADGANG_SAML_LEVEL,
        signed_messages,
    )


def our_metadata() -> bytes:
    """Return what the provider must know of us, as XML; it holds as long as our certificate."""
    made: str | bytes = toolkit(with_provider=False).get_sp_metadata()
    return made.encode() if isinstance(made, str) else made


def request_data(name: str, **said: Any) -> dict[str, Any]:
    """Return a request as the library wants it: to our page `name` at the address that people know it by."""
    parts = urlsplit(_url(name))
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
    } | said


def _url(name: str) -> str:
    return f"{settings.ADGANG_BASE_URL}{reverse(name)}"


@lru_cache(maxsize=8)
def _toolkit(
    provider: str,
    entity_id: str,
    base_url: str,
    certificate: str,
    key: str,
    other: str,
    level: str,
    signed_messages: bool,
) -> OneLogin_Saml2_Settings:
    ours = x509.load_pem_x509_certificate(certificate.encode())
    told: dict[str, Any] = {
        "strict": True,
        "sp": _ours(entity_id, certificate, key),
        "security": _demands(level, signed_messages=signed_messages)
        | {"metadataValidUntil": f"{ours.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}"},
    }
    if other:
        told["sp"]["x509certNew"] = other
    if provider:
        told["idp"] = OneLogin_Saml2_IdPMetadataParser.parse(provider.encode()).get("idp", {})
    return OneLogin_Saml2_Settings(told, sp_validation_only=not provider)


def _ours(entity_id: str, certificate: str, key: str) -> dict[str, Any]:
    form = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
    asked = [{"name": name, "isRequired": True, "nameFormat": form} for name in (LEVEL, PERSON, CVR)]
    return {
        "entityId": entity_id,
        "assertionConsumerService": {"url": _url("saml_acs"), "binding": Names.BINDING_HTTP_POST},
        "singleLogoutService": {"url": _url("saml_slo"), "binding": Names.BINDING_HTTP_REDIRECT},
        "attributeConsumingService": {"serviceName": "Adgang", "requestedAttributes": asked},
        "NameIDFormat": Names.NAMEID_PERSISTENT,
        "x509cert": certificate,
        "privateKey": key,
    }


def _demands(level: str, *, signed_messages: bool) -> dict[str, Any]:
    return {
        "authnRequestsSigned": True,
        "logoutRequestSigned": True,
        "logoutResponseSigned": True,
        "wantMessagesSigned": signed_messages,
        "wantAssertionsSigned": True,
        "wantAssertionsEncrypted": True,
        "wantNameId": True,
        "signatureAlgorithm": Names.RSA_SHA256,
        "digestAlgorithm": Names.SHA256,
        "rejectDeprecatedAlgorithm": True,
        "requestedAuthnContext": [f"{LEVEL}/{level}", PROFESSIONAL],
        "requestedAuthnContextComparison": "minimum",
    }
