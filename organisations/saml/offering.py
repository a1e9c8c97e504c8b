"""Whether people can sign in with SAML here, and what that is called."""

from importlib.util import find_spec

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from organisations.identities import Way

METHOD = "SAML"


def is_installed() -> bool:
    """Say whether the extra `saml` is installed."""
    return find_spec("onelogin") is not None


def name() -> str:
    """Return what people call the provider."""
    return settings.ADGANG_SAML_NAME or str(_("MitID Erhverv"))


def has_own_keys() -> bool:
    """Say whether the portal can tell a provider who it is, before the provider's own metadata is there."""
    return bool(settings.ADGANG_SAML_CERTIFICATE and settings.ADGANG_SAML_KEY) and is_installed()


def way() -> list[Way]:
    """Return the way in by SAML, where the operator has set it up."""
    if not settings.ADGANG_SAML_IDP_METADATA or not has_own_keys():
        return []
    return [Way(method=METHOD, label=name(), url_name="saml_start")]
