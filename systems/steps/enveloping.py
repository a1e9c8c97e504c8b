"""A test message as mail: the MeMo attached, encrypted to the registered certificate (S/MIME, RFC 8551)."""

import datetime as dt
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from cryptography import x509
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from systems.steps.subject import TrialMessage

SUBJECT = "Testbesked fra Adgang - test message"
TEXT = (
    "Kunne I dekryptere denne besked, har I den private nøgle til systemets certifikat.\n"
    "Svar på siden med kontrollen i Adgang. Beskeden må slettes.\n\n"
    "If you could decrypt this message, you hold the private key of the system's certificate.\n"
    "Answer on the page of the check in Adgang. The message can be deleted.\n"
)


def enveloped(message: TrialMessage, *, sender: str, recipient: str, host: str, at: dt.datetime) -> bytes:
    """Return the whole mail with CRLF line ends. `message.certificate` must be there, with an RSA key."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, SUBJECT
    mail["Date"], mail["Message-ID"] = format_datetime(at), f"<{message.id}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    sealed = _sealed(_inner(message), message.certificate)
    mail.set_content(
        sealed,
        maintype="application",
        subtype="pkcs7-mime",
        params={"smime-type": "enveloped-data", "name": "smime.p7m"},
        filename="smime.p7m",
    )
    return mail.as_bytes()


def _inner(message: TrialMessage) -> bytes:
    inner = EmailMessage(policy=SMTP)
    inner.set_content(TEXT, cte="base64")
    inner.add_attachment(message.content, maintype="application", subtype="xml", filename=f"{message.id}.xml")
    return inner.as_bytes()


def _sealed(content: bytes, certificate: x509.Certificate | None) -> bytes:
    if certificate is None:
        raise ValueError("there is nobody to encrypt to")
    builder = PKCS7EnvelopeBuilder().set_data(content).set_content_encryption_algorithm(AES256)
    return builder.add_recipient(certificate).encrypt(Encoding.DER, [PKCS7Options.Binary])
