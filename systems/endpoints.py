"""Addresses that messages and receipts are delivered to: e-mail for SMTP, https for the web protocols."""

from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adgang.lib.hosts import HostRefused, parse_host
from systems.protocols import EndpointKind

NOT_EMAIL = _("Write one e-mail address, for example post@authority.dk.")
NOT_HTTPS = _("The address must begin with https://.")
NOT_URL = _("Write a whole address, for example https://post.authority.dk/messages.")
NO_LOGIN = _("Write the address without user name and password.")
NO_FRAGMENT = _("Write the address without # and what follows it.")


def endpoint_fault(kind: EndpointKind, address: str) -> Promise | None:
    """Return what is wrong with an address that is not empty, or None; a protocol without addresses takes any."""
    match kind:
        case EndpointKind.EMAIL:
            return _email_fault(address)
        case EndpointKind.HTTPS:
            return _https_fault(address)
        case EndpointKind.NONE:
            return None


def host_fault(host: str) -> Promise | None:
    """Return what is wrong with a host name or address that is not empty, or None."""
    try:
        parse_host(host)
    except HostRefused:
        return _("Write a host name such as sftp.authority.dk, or an IPv4 or IPv6 address.")
    return None


def _email_fault(address: str) -> Promise | None:
    try:
        validate_email(address)
    except ValidationError:
        return NOT_EMAIL
    return NOT_EMAIL if host_fault(address.rpartition("@")[2].strip("[]")) else None


def _https_fault(address: str) -> Promise | None:
    parts = _split(address)
    if parts is None:
        return NOT_URL
    if parts.scheme != "https":
        return NOT_HTTPS
    if "@" in parts.netloc:
        return NO_LOGIN
    if "#" in address:
        return NO_FRAGMENT
    return NOT_URL if not parts.hostname or host_fault(parts.hostname) else None


def _split(address: str) -> SplitResult | None:
    """Return the parts of a URL, or None for what cannot be one; urlsplit itself drops line breaks silently."""
    if any(character.isspace() or not character.isprintable() for character in address) or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return None
    return parts
