"""What an upload can turn out to be instead of a certificate."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity

ERROR, INFO = Severity.ERROR, Severity.INFO

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
    "upload.sent_as_text": FindingText(
        ERROR,
        _("The file was damaged on its way: a program has treated it as text and changed its letters or line ends."),
        _("Fetch the certificate again and send it as an attached file, or in PEM form, which survives as text."),
    ),
    "upload.incomplete": FindingText(
        ERROR,
        _("Part of the certificate is missing: its last line is there, but the text before it is too short."),
        _("Fetch the certificate again and take all of it, or send it as an attached file."),
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
