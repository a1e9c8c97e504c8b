"""The steps a connection check may take, in the words people read, and what a check does not prove."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
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
    LOGIN = "LOGIN", _("Sign in with the check's own key")
    FOLDER = "FOLDER", _("The folder")
    CLIENT_CERTIFICATE = "CLIENT_CERTIFICATE", _("Does the server ask for a certificate?")
    DELIVER = "DELIVER", _("Deliver a test message")
    TOKEN = "TOKEN", _("API token")
    ADDRESSES = "ADDRESSES", _("Allowed addresses")
    LAST_SEEN = "LAST_SEEN", _("Last call")


@dataclass(frozen=True)
class Unproven:
    """What a check does not prove, unless it found one of `proven_by`; said only after `after`, where that is given."""

    text: Promise
    proven_by: tuple[str, ...] = ()
    after: str = ""

    def stands(self, found: set[str]) -> bool:
        """Say whether it is true of a check that found these codes."""
        return not found.intersection(self.proven_by) and (not self.after or self.after in found)


_LET_IN = Unproven(_("That Digital Post is let in: the check comes from other addresses than Digital Post's."))
_CALLS_IN = (
    Unproven(_("That the system can call: nothing is dialled, for the system calls Digital Post.")),
    Unproven(
        _("That Digital Post itself has the same certificate and token: what stands here is registered in this portal.")
    ),
)
NOT_PROVEN: dict[str, tuple[Unproven, ...]] = {
    "SMTP": (
        _LET_IN,
        Unproven(
            _("That a message is read: no message is sent, only asked for the mailbox."), ("message.handed_over",)
        ),
        Unproven(
            _("That your system can decrypt messages: that takes the private key, which only you have."),
            ("message.opened",),
        ),
    ),
    "SFTP": (
        _LET_IN,
        Unproven(
            _("That files can be written or fetched: the check does not sign in, for it has no private key."),
            ("login.done",),
        ),
        Unproven(_("That the folder exists."), ("folder.seen",)),
        Unproven(_("That files can be written: the check only looked."), ("folder.written",), after="folder.seen"),
    ),
    "REST_PUSH": (
        _LET_IN,
        Unproven(_("That your server accepts Digital Post's certificate: we have none to show.")),
        Unproven(_("That a message is received: none is delivered."), ("message.delivered",)),
    ),
    "REST_PULL": _CALLS_IN,
    "REST_PUBLISH_SUBSCRIBE": _CALLS_IN,
    "AS4": (Unproven(_("That messages can be exchanged: the check goes no further than the encryption.")),),
}
