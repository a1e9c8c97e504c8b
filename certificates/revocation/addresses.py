"""Where an authority publishes its revocation list and answers by OCSP. Never read from what somebody uploads."""

from django.db import transaction
from django.utils import timezone

from adgang.lib.snapshots import snapshot
from certificates.authorities import KNOWN
from certificates.models import RevocationList, TrustAnchor
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry

# Den Danske Stat publishes both beside its certificates.
CERTIFICATE_FILES = {"/cacert/root.cer": "/crl/root.crl", "/cacert/issuing.cer": "/crl/issuing.crl"}
OCSP_PATH = "/ocsp"


def crl_address(anchor: TrustAnchor) -> str:
    """Return where the list of what the authority revoked lies; "" where none is known."""
    if anchor.crl_address:
        return anchor.crl_address
    published = KNOWN[anchor.sha256].address if anchor.sha256 in KNOWN else ""
    for certificate, crl in CERTIFICATE_FILES.items():
        if published.endswith(certificate):
            return published.removesuffix(certificate) + crl
    return ""


def ocsp_address(anchor: TrustAnchor) -> str:
    """Return where the authority answers by OCSP about what it issued; "" where nowhere."""
    if anchor.ocsp_address:
        return anchor.ocsp_address
    published = KNOWN[anchor.sha256].address if anchor.sha256 in KNOWN else ""
    return published.partition("/oces/")[0] + OCSP_PATH if "/oces/" in published else ""


def set_addresses(*, caller: Caller, anchor: TrustAnchor, crl: str, ocsp: str) -> None:
    """Say where an authority that is not among the known ones publishes; recorded in the operator's chain."""
    with transaction.atomic():
        before = snapshot(anchor)
        anchor.crl_address, anchor.ocsp_address = crl, ocsp
        TrustAnchor.objects.filter(pk=anchor.pk).update(crl_address=crl, ocsp_address=ocsp)
        RevocationList.objects.filter(pk=anchor.pk).update(due=timezone.now())
        entry = Entry(tag=Tag.TRUST_ANCHOR_CHANGED, obj=anchor, before=before, after=snapshot(anchor))
        events.record(caller, None, entry)
