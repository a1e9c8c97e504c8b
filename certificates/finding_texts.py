"""The one table of what certificate and key checks can find; `docs/findings.md` is made from it.

A code is stable: scripts match on it. To add one, add a row here and its Danish, and raise it where it is found.
"""

from collections.abc import Callable
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from adgang.lib.cvr import spaced
from adgang.lib.dates import moment
from adgang.lib.findings import FindingText, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

UPLOAD = {
    "upload.empty": FindingText(
        ERROR,
        _("The file or the text is empty."),
        _("Choose the certificate file once more, or paste its text."),
    ),
    "upload.too_large": FindingText(
        ERROR,
        _("The file is larger than %(limit)s KiB. A certificate is usually 2 to 5 KiB."),
        _("Upload the certificate alone, not an archive, a document or a whole key store."),
    ),
    "upload.private_key": FindingText(
        ERROR,
        _("The file holds a private key that anyone can read. We have refused it unread and kept nothing of it."),
        _(
            "The private key must never leave your own system. If the file has been sent to anyone, order a new "
            "certificate and have this one revoked. Upload the certificate alone: "
            "openssl x509 -in FILE.pem -out certificate.pem"
        ),
    ),
    "upload.private_key_encrypted": FindingText(
        ERROR,
        _("The file holds a private key behind a password. We have refused it unread and kept nothing of it."),
        _(
            "The private key must never leave your own system. If both file and password have been sent to anyone, "
            "order a new certificate and have this one revoked. Upload the certificate alone: "
            "openssl x509 -in FILE.pem -out certificate.pem"
        ),
    ),
    "upload.private_key_ssh": FindingText(
        ERROR,
        _("The file is a private SSH key. We have refused it unread and kept nothing of it."),
        _(
            "The private key must never leave your own system. If the file has been sent to anyone, make a new pair "
            "of keys. Here a certificate is wanted: a .cer, .crt or .pem file from MitID Erhverv."
        ),
    ),
    "upload.pkcs12": FindingText(
        ERROR,
        _(
            "The file is a PKCS#12 file (.p12 or .pfx), which is made to hold the private key. We have refused it "
            "unread and kept nothing of it."
        ),
        _(
            "If the file and its password have been sent to anyone, order a new certificate and have this one "
            "revoked. Export the certificate alone: openssl pkcs12 -in FILE.p12 -clcerts -nokeys -out certificate.pem"
        ),
    ),
    "upload.keystore": FindingText(
        ERROR,
        _(
            "The file is a Java key store, which is made to hold the private key. We have refused it unread and kept "
            "nothing of it."
        ),
        _(
            "If the file and its password have been sent to anyone, order a new certificate and have this one "
            "revoked. Export the certificate alone: "
            "keytool -exportcert -rfc -keystore FILE.jks -alias ALIAS -file certificate.pem"
        ),
    ),
    "upload.csr": FindingText(
        ERROR,
        _("The file is a certificate request (CSR): what you send when you order, not what you get."),
        _("Upload the certificate that you fetched in MitID Erhverv when the order was done."),
    ),
    "upload.public_key": FindingText(
        ERROR,
        _("The file holds a public key alone, without the certificate around it."),
        _("Upload the certificate itself: the file that begins with BEGIN CERTIFICATE, or a .cer file."),
    ),
    "upload.ssh_key": FindingText(
        ERROR,
        _("The file is a public SSH key, not a certificate."),
        _("Register the SSH key where a system on SFTP is set up. Here a certificate is wanted."),
    ),
    "upload.crl": FindingText(
        ERROR,
        _("The file is a list of revoked certificates (CRL), not a certificate."),
        _("Upload the certificate that was issued to you."),
    ),
    "upload.pkcs7": FindingText(
        ERROR,
        _("The file is a PKCS#7 file (.p7b), and there is no certificate in it that could be yours."),
        _("Upload the certificate that was issued to you, as a .cer, .crt or .pem file."),
    ),
    "upload.pkcs7_leaf": FindingText(
        INFO,
        _("The file is a PKCS#7 file (.p7b). We have taken the certificate from it: %(subject)s."),
        "",
    ),
    "upload.other_file": FindingText(
        ERROR,
        _("The file is %(form)s, not a certificate."),
        _("Upload the certificate itself, as a .cer, .crt, .der or .pem file, or paste its text."),
    ),
    "upload.damaged": FindingText(
        ERROR,
        _(
            "The file was damaged on its way: a program has treated it as text and replaced parts of it (the bytes "
            "EF BF BD)."
        ),
        _("Fetch the certificate again and send it as an attached file, or in PEM form, which survives as text."),
    ),
    "upload.truncated": FindingText(
        ERROR,
        _("The certificate is cut off: the file ends in the middle of it."),
        _("Fetch the file again; when you paste, include the last line, END CERTIFICATE."),
    ),
    "upload.malformed": FindingText(
        ERROR,
        _("The file looks like a certificate, but cannot be read as one."),
        _("Fetch the certificate again from MitID Erhverv; if it fails again, ask the issuer."),
    ),
    "upload.unrecognised": FindingText(
        ERROR,
        _("There is no certificate in what you uploaded."),
        _("Upload a .cer, .crt, .der or .pem file, or paste the text from BEGIN CERTIFICATE to END CERTIFICATE."),
    ),
    "upload.chain": FindingText(
        INFO,
        _("There are %(count)s certificates in the file. We have used the one that was issued to you: %(subject)s."),
        "",
    ),
    "upload.several_leaves": FindingText(
        ERROR,
        _("There are %(count)s certificates in the file, and more than one could be meant: %(subjects)s."),
        _("Choose which one it is, or upload that one alone."),
    ),
}

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
        _("The certificate was issued by %(issuer)s. That is an OCES issuer, but it is not installed in this portal."),
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

REVOCATION_AND_USE = {
    "revocation.unknown": FindingText(
        INFO,
        _("It has not been checked whether the certificate has been revoked."),
        _("You can see the certificate's state in MitID Erhverv."),
    ),
    "use.before": FindingText(
        WARNING,
        _("Your organisation already registered this very certificate here on %(uploaded)s."),
        _("It may serve several systems, but when it expires or is revoked they all stop. One each is safer."),
    ),
    "use.other_organisation": FindingText(
        WARNING,
        _("The very same certificate is registered for another organisation too."),
        _("That is right for a vendor serving several authorities; otherwise find out who else has the key."),
    ),
}

SSH = {
    "ssh.empty": FindingText(
        ERROR,
        _("There is no key: the file or the text is empty."),
        _("Paste the whole line of the public key, or choose the file whose name ends in .pub."),
    ),
    "ssh.too_large": FindingText(
        ERROR,
        _("The file is larger than %(limit)s KiB. A public key is less than 2 KiB."),
        _("Upload the file whose name ends in .pub."),
    ),
    "ssh.private_key": FindingText(
        ERROR,
        _("This is a private key. We have refused it unread and kept nothing of it. The public key is wanted."),
        _(
            "If the private key has been sent to anyone, make a new pair. The public key is in the file that ends in "
            ".pub, or is shown by: ssh-keygen -y -f FILE"
        ),
    ),
    "ssh.private_key_putty": FindingText(
        ERROR,
        _("This is PuTTY's file (.ppk) with the private key. We have refused it unread and kept nothing of it."),
        _(
            "If the file has been sent to anyone, make a new pair. Open the file in PuTTYgen and copy the text under "
            "“Public key for pasting into OpenSSH authorized_keys file”."
        ),
    ),
    "ssh.several_keys": FindingText(
        ERROR,
        _("There are %(count)s keys in what you uploaded. A system has exactly one."),
        _("Upload the one key that the system uses."),
    ),
    "ssh.options": FindingText(
        ERROR,
        _("Options stand before the key (%(options)s), as in an authorized_keys file."),
        _("Remove what stands before %(type)s and upload the rest."),
    ),
    "ssh.known_hosts": FindingText(
        ERROR,
        _("This is a line from a known_hosts file: it shows a server's key, not your system's."),
        _("Upload your system's own public key, from the file that ends in .pub."),
    ),
    "ssh.text_before": FindingText(
        ERROR,
        _("Other text stands before the key."),
        _("Upload the key alone, from %(type)s on."),
    ),
    "ssh.text_after": FindingText(
        ERROR,
        _("Other text stands after the key."),
        _("Upload the key alone: one line with type, key and perhaps a comment."),
    ),
    "ssh.certificate": FindingText(
        ERROR,
        _("This is an SSH certificate (%(type)s), not a plain public key."),
        _("Upload the public key that the certificate was issued for."),
    ),
    "ssh.security_key": FindingText(
        ERROR,
        _("This key lives on a security key (%(type)s) and needs a person's touch. A system has no finger."),
        _("Make an ordinary key for the system: ssh-keygen -t ed25519"),
    ),
    "ssh.fingerprint": FindingText(
        ERROR,
        _("This is the fingerprint of a key, not the key itself."),
        _("Upload the public key, from the file that ends in .pub."),
    ),
    "ssh.truncated": FindingText(
        ERROR,
        _("The key is cut off: the end is missing."),
        _("Copy the whole key again, or upload the file that ends in .pub."),
    ),
    "ssh.no_type": FindingText(
        ERROR,
        _("The line begins with the key itself; its type is missing."),
        _("Write %(type)s and a space before the key."),
    ),
    "ssh.type_mismatch": FindingText(
        ERROR,
        _("The text says that the key is of the type %(written)s, but the key itself is %(found)s."),
        _("Copy the key again from where it was made."),
    ),
    "ssh.unsupported": FindingText(
        ERROR,
        _("Keys of the type %(type)s are not supported."),
        _("Make a key of a common type: ssh-keygen -t ed25519, or ssh-keygen -t rsa -b 4096"),
    ),
    "ssh.dsa": FindingText(
        ERROR,
        _("This is a DSA key. DSA is no longer safe and is refused by servers."),
        _("Make a new key: ssh-keygen -t ed25519"),
    ),
    "ssh.x509": FindingText(
        ERROR,
        _("This is %(form)s, not an SSH key."),
        _("Systems on SFTP use an SSH key: upload the public key, from the file that ends in .pub."),
    ),
    "ssh.malformed": FindingText(
        ERROR,
        _("The text looks like an SSH key, but cannot be read as one."),
        _("Copy the whole key again, or upload the file that ends in .pub."),
    ),
    "ssh.unrecognised": FindingText(
        ERROR,
        _("There is no SSH key in what you uploaded."),
        _("Paste the line that begins with ssh-ed25519, ecdsa-sha2-… or ssh-rsa, from the file that ends in .pub."),
    ),
    "ssh.rsa_too_short": FindingText(
        ERROR,
        _("The RSA key is %(bits)s bits. At least 2048 are required, and 3072 recommended."),
        _("Make a new key: ssh-keygen -t ed25519, or ssh-keygen -t rsa -b 4096"),
    ),
    "ssh.rsa_short": FindingText(
        WARNING,
        _("The RSA key is %(bits)s bits. 3072 or more are recommended."),
        _("Make a longer key at the next change: ssh-keygen -t ed25519, or ssh-keygen -t rsa -b 4096"),
    ),
    "ssh.rsa_short_refused": FindingText(
        ERROR,
        _("The RSA key is %(bits)s bits. At least 3072 are required here."),
        _("Make a new key: ssh-keygen -t ed25519, or ssh-keygen -t rsa -b 4096"),
    ),
    "ssh.exponent": FindingText(
        ERROR,
        _("The key's public exponent is %(exponent)s. It must be odd and at least 65537."),
        _("Make a new key with an ordinary tool: ssh-keygen -t ed25519"),
    ),
    "ssh.weak": FindingText(
        ERROR,
        _("The key can be broken: %(weakness)s."),
        _("Make a new key with an up-to-date tool, ssh-keygen -t ed25519, and stop using this one everywhere."),
    ),
    "ssh.converted": FindingText(
        INFO,
        _("The key was written in another form (%(form)s). We have converted it to OpenSSH's."),
        "",
    ),
    "ssh.used_before": FindingText(
        WARNING,
        _("Your organisation already registered this very key here on %(uploaded)s."),
        _("Give each system a key of its own, so that one can be replaced without the others."),
    ),
    "ssh.used_by_other": FindingText(
        WARNING,
        _("The very same key is registered for another organisation too."),
        _("That can be right for a vendor serving several authorities; otherwise find out who else has the key."),
    ),
}

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
        _("Make sure that you know where the file comes from; --unpinned says so and silences this warning."),
    ),
    "trust.environment": FindingText(
        ERROR,
        _("%(subject)s is the authority for %(environment)s, and --environment says %(expected)s."),
        _("Leave --environment out: a known authority goes where it belongs."),
    ),
    "trust.signature": FindingText(
        ERROR,
        _("%(subject)s names %(issuer)s as its issuer, but was not signed with that issuer's key."),
        _("Fetch the file again from the authority itself."),
    ),
    "trust.root_missing": FindingText(
        WARNING,
        _("The root certificate above %(subject)s is not installed: %(issuer)s."),
        _("Install it too; until then no certificate can be traced to a root."),
    ),
}

TABLE = UPLOAD | GENERATION | PATH | DATES | KIND | CVR | KEY | REVOCATION_AND_USE | SSH | TRUST

WORDS = {
    "FOCES": _("system certificate (FOCES)"),
    "VOCES": _("organisation certificate (VOCES)"),
    "MOCES": _("employee certificate (MOCES)"),
    "SYSTEM": _("system certificate (FOCES) or organisation certificate (VOCES)"),
    "production": _("production"),
    "test": _("test"),
    "small_factor": _("its modulus is divisible by a small number"),
    "fermat": _("the two primes of its modulus lie too close to each other"),
    "roca": _("it was made by a faulty chip (ROCA, CVE-2017-15361)"),
    "zip": _("an archive (ZIP)"),
    "gzip": _("an archive (gzip)"),
    "7z": _("an archive (7z)"),
    "pdf": _("a PDF document"),
    "office": _("an old Office document"),
    "image": _("an image"),
    "html": _("a web page"),
    "certificate": _("a certificate"),
    "csr": _("a certificate request (CSR)"),
    "rfc4716": _("RFC 4716"),
    "pem": _("PEM"),
}


def word(value: Any) -> str:
    """Return the reader's word for a stored value such as FOCES; a list becomes a row of them."""
    if isinstance(value, list):
        return ", ".join(map(word, value))
    return gettext(WORDS[value]) if value in WORDS else str(value or "–")


def time(value: Any) -> str:
    """Return a stored time as people read it."""
    return moment(parse_datetime(value)) if isinstance(value, str) else "–"


FORMATS: dict[str, Callable[[Any], str]] = {
    "not_before": time,
    "not_after": time,
    "uploaded": time,
    "found": lambda value: spaced(value),
    "expected": lambda value: spaced(word(value)),
    "delegated": lambda value: spaced(value),
    **dict.fromkeys(("order", "kind", "policy_kind", "form_kind", "environment", "weakness", "form"), word),
}
