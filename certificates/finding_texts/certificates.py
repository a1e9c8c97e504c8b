"""What judging a certificate can find."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

GENERATION = {
    "generation.closed": FindingText(
        ERROR,
        _(
            "The certificate is of the generation OCES2 (NemID), which ended on 31 October 2023. Only OCES3 is in "
            "force."
        ),
        _("Order a new %(order)s in MitID Erhverv."),
    ),
    "generation.oces1": FindingText(
        ERROR,
        _("The certificate is of the generation OCES1 (TDC), which ended years ago and is signed with SHA-1."),
        _("Order a new %(order)s in MitID Erhverv."),
    ),
    "generation.unknown": FindingText(
        ERROR,
        _("The certificate is not an OCES certificate: it names none of the OCES policies. Issued by: %(issuer)s."),
        _("Order a system certificate (FOCES) or organisation certificate (VOCES) in MitID Erhverv."),
    ),
    "environment.wrong": FindingText(
        ERROR,
        _("The certificate is for %(environment)s, and this is %(expected)s."),
        _("Use the certificate that was ordered for %(expected)s. The two environments each have their own."),
    ),
}

PATH = {
    "path.unknown_issuer": FindingText(
        ERROR,
        _("The certificate was issued by %(issuer)s, which is not one of the authorities trusted here."),
        _("Use an OCES certificate from MitID Erhverv. If the issuer is right, ask the operator of this portal."),
    ),
    "path.not_installed": FindingText(
        ERROR,
        _("The certificate names %(issuer)s as its issuer: an OCES issuer that is not installed in this portal."),
        _("The operator of the portal installs it with: manage.py trust add FILE"),
    ),
    "path.self_signed": FindingText(
        ERROR,
        _("The certificate is signed by itself and not issued by any authority."),
        _("Use an OCES certificate from MitID Erhverv."),
    ),
    "path.signature": FindingText(
        ERROR,
        _("The certificate names %(issuer)s as its issuer, but was not signed with that issuer's key."),
        _("Fetch the certificate again from MitID Erhverv. If it fails again, treat it as forged and report it."),
    ),
    "path.root_missing": FindingText(
        ERROR,
        _("The issuer %(issuer)s is installed in this portal, but not the root certificate above it."),
        _("The operator of the portal installs it with: manage.py trust add FILE"),
    ),
    "path.ca_dates": FindingText(
        ERROR,
        _("The issuer's own certificate (%(issuer)s) is valid from %(not_before)s to %(not_after)s only."),
        _("Order a new certificate in MitID Erhverv, or ask the operator whether a newer issuer is to be installed."),
    ),
    "path.critical_extension": FindingText(
        ERROR,
        _("The certificate demands the handling of an extension that is unknown here: %(oid)s."),
        _("Use an ordinary OCES certificate from MitID Erhverv."),
    ),
    "path.algorithm": FindingText(
        ERROR,
        _("The certificate is signed in a way that no OCES issuer uses: %(algorithm)s."),
        _("Use an ordinary OCES certificate from MitID Erhverv: signed by RSA with SHA-256, SHA-384 or SHA-512."),
    ),
    "path.issuer_unfit": FindingText(
        ERROR,
        _("An issuer above the certificate is not fit to issue certificates, counted from %(issuer)s: %(detail)s."),
        _("Ask the operator of this portal whether the right issuer is installed."),
    ),
    "path.serial_number": FindingText(
        ERROR,
        _("The certificate's serial number is negative or longer than 20 bytes, which the standard (X.509) forbids."),
        _("Fetch the certificate again from MitID Erhverv; if it fails again, ask the issuer."),
    ),
    "path.invalid": FindingText(
        ERROR,
        _("The certificate could not be traced to an installed root certificate: %(detail)s."),
        _("Fetch the certificate again from MitID Erhverv; if it fails again, ask the operator of this portal."),
    ),
}

DATES = {
    "date.not_yet_valid": FindingText(
        ERROR,
        _("The certificate is not valid before %(not_before)s."),
        _("Wait until then, or go on using the present certificate."),
    ),
    "date.expired": FindingText(
        ERROR,
        _("The certificate expired on %(not_after)s."),
        _("Order a new %(order)s in MitID Erhverv."),
    ),
    "date.expires_soon": FindingText(
        WARNING,
        _("The certificate expires on %(not_after)s. Days left: %(days)s."),
        _("Order a new %(order)s in MitID Erhverv now, and stage it here before this one expires."),
    ),
    "date.expires": FindingText(
        INFO,
        _("The certificate expires on %(not_after)s. Days left: %(days)s."),
        _("Plan the renewal: order a new %(order)s in MitID Erhverv in good time."),
    ),
}

KIND = {
    "kind.personal": FindingText(
        ERROR,
        _("The certificate belongs to a private person (POCES). Such a certificate cannot be used here."),
        _("Order a %(order)s in MitID Erhverv."),
    ),
    "kind.mismatch": FindingText(
        ERROR,
        _("The certificate contradicts itself: by its policy it is %(policy_kind)s, by its name %(form_kind)s."),
        _("Ask the issuer for a correct certificate."),
    ),
    "kind.form": FindingText(
        ERROR,
        _(
            "The certificate contradicts itself: by its policy it is of the generation %(generation)s, but it names "
            "its holder in the way of %(form)s."
        ),
        _("Ask the issuer for a correct certificate."),
    ),
    "kind.holder_missing": FindingText(
        ERROR,
        _("The certificate's subject does not say in the OCES way whom it was issued to: %(subject)s."),
        _("Use an OCES certificate from MitID Erhverv."),
    ),
    "kind.employee": FindingText(
        ERROR,
        _("This is an employee certificate (MOCES). It belongs to a person and cannot be used for a system."),
        _("Order a system certificate (FOCES) or organisation certificate (VOCES) in MitID Erhverv."),
    ),
    "kind.wrong": FindingText(
        ERROR,
        _("This is a %(kind)s, and a %(expected)s is wanted."),
        _("Upload the right certificate, or order a %(expected)s in MitID Erhverv."),
    ),
    "kind.ca": FindingText(
        ERROR,
        _("This is the certificate of an issuer (a CA certificate): %(subject)s. The one issued to you is wanted."),
        _("Upload the certificate that bears your organisation's name and CVR number."),
    ),
    "kind.extended_key_usage": FindingText(
        ERROR,
        _("The certificate may only be used for: %(usages)s. Client authentication is not among them."),
        _("Use an ordinary OCES certificate from MitID Erhverv; it has no such limit."),
    ),
    "kind.key_usage_missing": FindingText(
        ERROR,
        _("The certificate does not say what its key may be used for (keyUsage)."),
        _("Use an ordinary OCES certificate from MitID Erhverv."),
    ),
    "kind.digital_signature": FindingText(
        ERROR,
        _("The certificate's key may not be used to sign (digitalSignature). Its key usage is: %(usages)s."),
        _("Use an ordinary OCES certificate from MitID Erhverv."),
    ),
    "kind.key_encipherment": FindingText(
        WARNING,
        _("The certificate's key may not be used for encryption (keyEncipherment). Its key usage is: %(usages)s."),
        _("Systems on SMTP need a certificate to encrypt to. Use an ordinary OCES certificate from MitID Erhverv."),
    ),
}

CVR = {
    "cvr.none": FindingText(
        ERROR,
        _("There is no CVR number in the certificate, so it cannot be told which authority it belongs to."),
        _("Order a new certificate in MitID Erhverv; there it gets the CVR number of the organisation."),
    ),
    "cvr.missing": FindingText(
        ERROR,
        _("There is no CVR number in the certificate, and CVR %(expected)s is wanted."),
        _("Order the certificate for CVR %(expected)s in MitID Erhverv."),
    ),
    "cvr.wrong": FindingText(
        ERROR,
        _("The certificate belongs to CVR %(found)s, and CVR %(expected)s is wanted."),
        _(
            "Order the certificate for CVR %(expected)s in MitID Erhverv. If CVR %(found)s is a vendor that runs the "
            "system for you, write that number as the system's vendor CVR."
        ),
    ),
    "cvr.wrong_delegated": FindingText(
        ERROR,
        _("The certificate belongs to CVR %(found)s. CVR %(expected)s, or the vendor's, %(delegated)s, is wanted."),
        _("Order the certificate for one of the two in MitID Erhverv, or correct the system's vendor CVR."),
    ),
    "cvr.wrong_employee": FindingText(
        ERROR,
        _("The employee certificate was issued in CVR %(found)s, and CVR %(expected)s is wanted."),
        _("Use the certificate that was issued to you as an employee in CVR %(expected)s."),
    ),
    "cvr.delegated": FindingText(
        INFO,
        _("The certificate belongs to the vendor, CVR %(found)s, which acts for CVR %(expected)s in this system."),
        "",
    ),
}

KEY = {
    "key.type": FindingText(
        ERROR,
        _("The certificate's key is of the type %(type)s. OCES uses RSA."),
        _("Order a new certificate in MitID Erhverv with an RSA key of 3072 bits."),
    ),
    "key.size": FindingText(
        ERROR,
        _("The certificate's RSA key is %(bits)s bits. At least %(expected)s are required."),
        _("Order a new certificate in MitID Erhverv with a longer key."),
    ),
    "key.exponent": FindingText(
        ERROR,
        _("The key's public exponent is %(exponent)s. It must be odd and at least 65537."),
        _("Make a new key with an ordinary tool and order a new certificate for it."),
    ),
    "key.weak": FindingText(
        ERROR,
        _("The key can be broken: %(weakness)s."),
        _("Make a new key with an up-to-date tool, order a new certificate for it and have this one revoked."),
    ),
    "signature.weak": FindingText(
        ERROR,
        _("The certificate is signed with %(algorithm)s, which can be forged."),
        _("Order a new certificate in MitID Erhverv."),
    ),
}

USE = {
    "use.before": FindingText(
        INFO,
        _("Your organisation already registered this very certificate here on %(uploaded)s."),
        _("It may serve several systems, but when it expires or is revoked they all stop. One each is safer."),
    ),
    "use.other_organisation": FindingText(
        WARNING,
        _("The very same certificate is registered elsewhere: in another environment, or by others than its holder."),
        _("Find out who else has the private key. If nobody should, revoke the certificate and order a new one."),
    ),
}
