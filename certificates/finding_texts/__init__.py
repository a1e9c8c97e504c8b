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
from certificates.finding_texts.authorities import TRUST
from certificates.finding_texts.certificates import CVR, DATES, GENERATION, KEY, KIND, PATH, USE
from certificates.finding_texts.revocation import REVOCATION
from certificates.finding_texts.ssh_keys import SSH
from certificates.finding_texts.uploads import UPLOAD

TABLE = UPLOAD | GENERATION | PATH | DATES | KIND | CVR | KEY | REVOCATION | USE | SSH | TRUST

WORDS = {
    "crl": _("the issuer's revocation list"),
    "ocsp": _("the issuer's answer to a direct question (OCSP)"),
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
    "office": _("an Office document"),
    "image": _("an image"),
    "html": _("a web page"),
    "xml": _("an XML file"),
    "pgp": _("a PGP key or message"),
    "program": _("a program"),
    "certificate": _("a certificate"),
    "csr": _("a certificate request (CSR)"),
    "rfc4716": _("RFC 4716"),
    "pem": _("PEM"),
    "der": _("DER"),
}


def word(value: Any) -> str:
    """Return the reader's word for a stored value such as FOCES; a list becomes a row of them."""
    if isinstance(value, list):
        return ", ".join(map(word, value))
    return gettext(WORDS[value]) if value in WORDS else str(value or "–")


REVOCATION_REASONS = {
    "keyCompromise": _("the key is in wrong hands"),
    "cACompromise": _("the issuer's key is in wrong hands"),
    "affiliationChanged": _("the holder's affiliation changed"),
    "superseded": _("it was replaced"),
    "cessationOfOperation": _("it is no longer needed"),
    "certificateHold": _("it is suspended"),
    "privilegeWithdrawn": _("the right to it was withdrawn"),
    "aACompromise": _("the issuer's key is in wrong hands"),
}


def reason_text(value: Any) -> str:
    """Return the reader's words for a reason of RFC 5280."""
    return gettext(REVOCATION_REASONS[value]) if value in REVOCATION_REASONS else gettext("not stated")


def time(value: Any) -> str:
    """Return a stored time as people read it."""
    return moment(parse_datetime(value)) if isinstance(value, str) else "–"


FORMATS: dict[str, Callable[[Any], str]] = {
    "not_before": time,
    "not_after": time,
    "uploaded": time,
    "as_of": time,
    "next_update": time,
    "revoked_at": time,
    "reason": lambda value: reason_text(value),
    "source": word,
    "found": lambda value: spaced(value),
    "expected": lambda value: spaced(word(value)),
    "delegated": lambda value: spaced(value),
    **dict.fromkeys(("order", "kind", "policy_kind", "form_kind", "environment", "weakness", "form"), word),
}
