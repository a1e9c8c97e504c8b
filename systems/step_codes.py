"""The steps a connection check may take, in the words people read, and what a check does not prove."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StepCode(TextChoices):
    """A step; its code stands in the JSON of runs, commands and API."""

    CREDENTIAL = "CREDENTIAL", _("Certificate or key")
    RESOLVE = "RESOLVE", _("Look the name up")
    DIAL = "DIAL", _("Connect")
    BANNER = "BANNER", _("The server's greeting")
    EHLO = "EHLO", _("Introduce ourselves")
    STARTTLS = "STARTTLS", _("Ask for encryption")
    TLS = "TLS", _("Encryption and server certificate")
    EHLO_AGAIN = "EHLO_AGAIN", _("Introduce ourselves, encrypted")
    RECIPIENT = "RECIPIENT", _("Does the mailbox exist?")
    QUIT = "QUIT", _("Say goodbye")
    KEX = "KEX", _("Encryption and algorithms")
    HOST_KEY = "HOST_KEY", _("The server's key")
    KEY_ACCEPTED = "KEY_ACCEPTED", _("Is your key accepted?")
    CLIENT_CERTIFICATE = "CLIENT_CERTIFICATE", _("Does the server ask for a certificate?")
    TOKEN = "TOKEN", _("API token")
    ADDRESSES = "ADDRESSES", _("Allowed addresses")
    LAST_SEEN = "LAST_SEEN", _("Last call")


_CALLS_IN = [
    _("That the system can call: nothing is dialled, for the system calls Digital Post."),
    _("That Digital Post itself has the same certificate and token: what stands here is registered in this portal."),
]
NOT_PROVEN = {
    "SMTP": [
        _("That Digital Post is let in: the check comes from other addresses than Digital Post's."),
        _("That a message is read: no message is sent, only asked for the mailbox."),
        _("That your system can decrypt messages: that takes the private key, which only you have."),
    ],
    "SFTP": [
        _("That Digital Post is let in: the check comes from other addresses than Digital Post's."),
        _("That files can be written or fetched: the check does not sign in, for it has no private key."),
        _("That the folder exists."),
    ],
    "REST_PUSH": [
        _("That Digital Post is let in: the check comes from other addresses than Digital Post's."),
        _("That your server accepts Digital Post's certificate: we have none to show."),
        _("That a message is received: none is delivered."),
    ],
    "REST_PULL": _CALLS_IN,
    "REST_PUBLISH_SUBSCRIBE": _CALLS_IN,
    "AS4": [
        _("That messages can be exchanged: the check goes no further than the encryption."),
    ],
}
