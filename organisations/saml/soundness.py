"""Whether the settings of signing in with SAML are whole; each fault with a hint."""

from collections.abc import Iterator
from xml.parsers.expat import ExpatError, ParserCreate

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.checks import Error

from organisations.saml import offering

LEVELS = ("Low", "Substantial", "High")  # NSIS, the lowest first
LONGEST = 480  # letters of an entity ID, which is kept with the CVR number


def saml_is_sound() -> Iterator[Error]:
    """Return what is half set up or cannot work."""
    own = (settings.ADGANG_SAML_CERTIFICATE, settings.ADGANG_SAML_KEY)
    if not any(own) and not settings.ADGANG_SAML_IDP_METADATA:
        return
    if not all(own):
        yield Error(
            "ADGANG_SAML_CERTIFICATE or ADGANG_SAML_KEY is missing.",
            hint="Set both, hand the portal's metadata to the provider, then set its own; see docs/sign-in.md.",
            id="adgang.E070",
        )
    elif wrong := _pair(*own):
        yield Error(
            f"ADGANG_SAML_CERTIFICATE and ADGANG_SAML_KEY cannot be used: {wrong}.",
            hint="Both are PEM, best by …_FILE, an RSA key without a password and the certificate of that key.",
            id="adgang.E072",
        )
    other = (settings.ADGANG_SAML_OTHER_CERTIFICATE, settings.ADGANG_SAML_OTHER_KEY)
    if any(other) and (wrong := _pair(*other)):
        yield Error(
            f"ADGANG_SAML_OTHER_CERTIFICATE and ADGANG_SAML_OTHER_KEY cannot be used: {wrong}.",
            hint="The pair that follows or precedes the portal's own while it is changed; else leave both out.",
            id="adgang.E072",
        )
    if not offering.is_installed():
        yield Error(
            "ADGANG_SAML_… is set, but the packages for SAML are not installed.",
            hint="Install the extra: pip install 'adgang[saml]'.",
            id="adgang.E071",
        )
    yield from _provider()


def _pair(certificate: str, key: str) -> str:
    """Return why certificate and key are no pair; "" when they are."""
    try:
        ours, private = x509.load_pem_x509_certificate(certificate.encode()), load_pem_private_key(key.encode(), None)
    except (ValueError, TypeError):
        return "they cannot be read"
    if not isinstance(private, RSAPrivateKey):
        return "the key is not RSA, for which assertions are encrypted"
    return "" if ours.public_key() == private.public_key() else "they do not belong together"


def _provider() -> Iterator[Error]:
    if settings.ADGANG_SAML_LEVEL not in LEVELS:
        yield Error(
            f"ADGANG_SAML_LEVEL is {settings.ADGANG_SAML_LEVEL!r}.",
            hint=f"It is one of: {', '.join(LEVELS)}.",
            id="adgang.E073",
        )
    metadata = settings.ADGANG_SAML_IDP_METADATA
    if metadata and (wrong := _metadata(metadata)):
        yield Error(
            f"ADGANG_SAML_IDP_METADATA {wrong}.",
            hint="It is the provider's metadata, best by ADGANG_SAML_IDP_METADATA_FILE.",
            id="adgang.E074",
        )


def _metadata(text: str) -> str:
    """Return what is wrong with the provider's metadata; "" when it holds all that is needed."""
    seen: list[tuple[str, dict[str, str]]] = []
    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: seen.append((name.rpartition(" ")[2], attributes))
    try:
        parser.Parse(text.encode(), True)
    except ExpatError:
        return "is no XML"
    names = {name for name, _ in seen}
    if missing := {"EntityDescriptor", "IDPSSODescriptor", "SingleSignOnService", "X509Certificate"} - names:
        return f"lacks {', '.join(sorted(missing))}"
    entity = next(attributes.get("entityID", "") for name, attributes in seen if name == "EntityDescriptor")
    return "" if 0 < len(entity) <= LONGEST else "names its provider with nothing, or with too much"
