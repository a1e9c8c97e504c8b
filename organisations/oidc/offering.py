"""Whether people can sign in at an OpenID Connect provider here, and what it is called."""

from importlib.util import find_spec

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from organisations.identities import Way

METHOD = "OIDC"


def is_installed() -> bool:
    """Say whether the extra `oidc` is installed."""
    return find_spec("authlib") is not None


def name() -> str:
    """Return what the operator calls the provider."""
    return settings.ADGANG_OIDC_NAME or str(_("OpenID Connect"))


def way() -> list[Way]:
    """Return the way in by OpenID Connect, where the operator has set one up."""
    if not settings.ADGANG_OIDC_ISSUER or not is_installed():
        return []
    return [Way(method=METHOD, label=name(), url_name="oidc_start")]
