"""What installing an authority can find."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING

TRUST = {
    "trust.not_ca": FindingText(
        ERROR,
        _("%(subject)s is not the certificate of an authority (CA), so nothing can be traced to it."),
        _("Install the issuer's root certificate and its issuing CA certificate."),
    ),
    "trust.denied": FindingText(
        ERROR,
        _("%(subject)s belongs to a test hierarchy of qualified certificates. It is not OCES and is never trusted."),
        _("Install the OCES root certificate and issuing CA certificate."),
    ),
    "trust.unknown": FindingText(
        ERROR,
        _("%(subject)s is not one of the known OCES authorities (SHA-256 %(sha256)s)."),
        _("In production only the known authorities can be installed. Fetch their files from Den Danske Stat."),
    ),
    "trust.unpinned": FindingText(
        WARNING,
        _("%(subject)s is not one of the known OCES authorities (SHA-256 %(sha256)s). It is installed for test."),
        _(
            "Make sure that you know where the file comes from. The tick on the page, or --unpinned in the command, "
            "says so and silences this warning."
        ),
    ),
    "trust.environment": FindingText(
        ERROR,
        _("%(subject)s is the authority for %(environment)s, and you asked for %(expected)s."),
        _("Do not choose an environment: a known authority goes where it belongs."),
    ),
    "trust.signature": FindingText(
        ERROR,
        _("%(subject)s names %(issuer)s as its issuer, but was not signed with that issuer's key."),
        _("Fetch the file again from the authority itself."),
    ),
    "trust.not_fetched": FindingText(
        ERROR,
        _("%(subject)s could not be fetched from %(address)s (%(detail)s)."),
        _("Let the installation reach that address on port 80 and try again, or install the file with trust add."),
    ),
    "trust.fingerprint": FindingText(
        ERROR,
        _("What %(address)s gave is not %(subject)s: its fingerprint is not the known one (SHA-256 %(sha256)s)."),
        _("Try again from another network. If it stays so, report it to Den Danske Stat; nothing was installed."),
    ),
    "trust.root_missing": FindingText(
        WARNING,
        _("The root certificate above %(subject)s is not installed: %(issuer)s."),
        _("Install it too; until then no certificate can be traced to a root."),
    ),
}
