"""What asking for a certificate's revocation can find, and what can be wrong with a revocation list."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_ASK_AUTHORITY = _("Fetch the list again later. If it stays so, ask the issuer.")

REVOCATION = {
    "moces.none": FindingText(
        ERROR,
        _("Your browser showed no employee certificate."),
        _(
            "Install your employee certificate (MOCES) in the browser, close all its windows, "
            "and choose it when you are asked."
        ),
    ),
    "moces.revocation_unknown": FindingText(
        ERROR,
        _("It is not known at the moment whether the certificate was revoked, so it lets nobody in."),
        _(
            "Try again in an hour, or log in another way. "
            "The operator sees why the issuer's list is missing or too old."
        ),
    ),
    "revocation.good": FindingText(
        INFO,
        _("The certificate is not revoked: %(source)s of %(as_of)s says so."),
        "",
    ),
    "revocation.revoked": FindingText(
        ERROR,
        _("The certificate was revoked on %(revoked_at)s. Reason: %(reason)s. Source: %(source)s of %(as_of)s."),
        _("Revocation is final. Order a new certificate in MitID Erhverv and upload it here."),
    ),
    "revocation.unknown": FindingText(
        INFO,
        _("It has not been checked whether the certificate has been revoked."),
        _("You can see the certificate's state in MitID Erhverv."),
    ),
    "revocation.pending": FindingText(
        INFO,
        _("The issuer is being asked whether the certificate has been revoked; the answer appears here by itself."),
        "",
    ),
    "revocation.stale": FindingText(
        ERROR,
        _("The issuer's newest revocation list was good until %(next_update)s. What was revoked since is unknown."),
        _("Wait until the portal has fetched a newer list; it tries every few minutes. If it lasts, ask its operator."),
    ),
    "revocation.no_list": FindingText(
        ERROR,
        _("The portal has no revocation list of the issuer, so it cannot tell whether the certificate is revoked."),
        _("Wait until the portal has fetched the list; it tries every few minutes. If it lasts, ask its operator."),
    ),
    "crl.no_address": FindingText(
        WARNING,
        _("It is not known where %(issuer)s publishes its revocation list."),
        _("The operator of the portal tells it with: manage.py revocation addresses SHA256 --crl ADDRESS"),
    ),
    "crl.not_fetched": FindingText(
        WARNING,
        _("The list could not be fetched from %(address)s (%(detail)s)."),
        _("The portal tries again by itself. See that the firewall lets it reach that address."),
    ),
    "crl.malformed": FindingText(WARNING, _("What was fetched is no revocation list (%(detail)s)."), _ASK_AUTHORITY),
    "crl.issuer": FindingText(WARNING, _("The list is another issuer's, and %(issuer)s's is wanted."), _ASK_AUTHORITY),
    "crl.not_allowed": FindingText(
        WARNING,
        _("The certificate of %(issuer)s does not allow it to sign revocation lists (cRLSign)."),
        _("Ask the issuer."),
    ),
    "crl.algorithm": FindingText(
        WARNING, _("The list is signed in a way that is not accepted (%(algorithm)s)."), _ASK_AUTHORITY
    ),
    "crl.signature": FindingText(
        WARNING,
        _("The list was not signed with the key of %(issuer)s. Somebody may have tampered with it."),
        _ASK_AUTHORITY,
    ),
    "crl.times": FindingText(
        WARNING,
        _("The times of the list cannot be right; it says that it was made on %(as_of)s."),
        _("See that the clock of the portal's machine is right. Otherwise ask the issuer."),
    ),
    "crl.expired": FindingText(WARNING, _("The list was good until %(next_update)s only."), _ASK_AUTHORITY),
    "crl.older": FindingText(
        WARNING,
        _("The list is older than the one stored here (of %(as_of)s), which was kept."),
        _ASK_AUTHORITY,
    ),
    "crl.delta": FindingText(
        WARNING, _("It is a list of changes only (delta CRL); the whole list is wanted."), _ASK_AUTHORITY
    ),
    "crl.indirect": FindingText(
        WARNING, _("The list speaks for other issuers too (indirect CRL), which is not accepted."), _ASK_AUTHORITY
    ),
    "crl.partial": FindingText(WARNING, _("The list covers only a part of the issuer's certificates."), _ASK_AUTHORITY),
    "crl.critical_extension": FindingText(
        WARNING, _("The list demands the handling of an extension that is unknown here: %(oid)s."), _ASK_AUTHORITY
    ),
}
