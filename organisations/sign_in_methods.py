"""How people sign in, in the words they know."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

METHODS: dict[str, Promise] = {
    "password": _("Password"),
    "password+totp": _("Password and one-time code"),
    "password+recovery": _("Password and recovery code"),
    "password+passkey": _("Password and passkey"),
    "passkey": _("Passkey"),
    "MOCES": _("Employee certificate (MOCES)"),
    "OIDC": _("OpenID Connect"),
    "SAML": _("MitID Erhverv"),
    "demo": _("Demo button"),
    "invitation": _("Invitation"),
}
