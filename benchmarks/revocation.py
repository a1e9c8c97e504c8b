"""P13: a revocation list of 100,000 entries, from the bytes to the look-up. P14: the nightly re-check."""

import datetime as dt
import time
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from adgang.demo import pki
from benchmarks.registry import Measurement, benchmark, median_seconds
from certificates.anchors import Anchors, installed_anchors
from certificates.details import read_details
from certificates.judging import judge
from certificates.kinds import Environment, Kind
from certificates.models import Certificate, RevocationList, Standing, TrustAnchor
from certificates.revocation import rechecking
from certificates.revocation.entries import find
from certificates.revocation.lists import read_list
from certificates.trusting import trust
from organisations.callers import Caller
from organisations.models import Organisation

ENTRIES = 100_000
BAR_LOAD, BAR_LOOK_UP = 150.0, 1.0  # milliseconds
AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@benchmark("P13", "revocation list of 100,000 entries: load, verify, build the set; one look-up")
def list_to_look_up() -> Measurement:
    """Read, verify (RSASSA-PSS, SHA-512) and sort the list; then find an entry of it, and miss one."""
    hierarchy = pki.make_pki(at=AT - dt.timedelta(days=30))
    serials = [x509.random_serial_number() for _ in range(ENTRIES)]
    der = hierarchy.crl(serials, at=AT).public_bytes(Encoding.DER)
    authority = read_details(hierarchy.issuing.der)

    def load() -> bytes:
        return read_list(der, authority=authority, address="", at=AT).entries

    entries = load()
    loaded = median_seconds(load) * 1000
    looked_up = max(median_seconds(partial(find, entries, serial)) for serial in (serials[7], 1)) * 1000
    return Measurement(
        value=round(loaded, 1),
        unit="ms",
        bar=f"load ≤ {BAR_LOAD:.0f} ms, look-up ≤ {BAR_LOOK_UP:.0f} ms",
        met=loaded <= BAR_LOAD and looked_up <= BAR_LOOK_UP,
        notes=f"{len(der) / 1e6:.1f} MB; one look-up {looked_up:.3f} ms",
    )


CERTIFICATES = 20_000
BAR_NIGHT = 60.0  # seconds


@benchmark("P14", "judge 20,000 stored certificates again, in one process")
def night() -> Measurement:
    """Re-check certificates of twenty organisations, claimed and written in batches, against a list of 100,000."""
    at = timezone.now()
    hierarchy = pki.make_pki(at=at - dt.timedelta(days=400))
    _install(hierarchy, at)
    _register(hierarchy, at)
    started = time.perf_counter()
    done = rechecking.recheck_due(at=at)
    first = time.perf_counter() - started
    if done < CERTIFICATES or Standing.objects.filter(judged=at, revocation="good").count() != CERTIFICATES:
        raise RuntimeError(f"only {done} certificates were judged")
    Standing.objects.update(due=at)
    started = time.perf_counter()
    rechecking.recheck_due(at=at)
    again = time.perf_counter() - started
    value = max(first, again)
    return Measurement(
        value=round(value, 1),
        unit="s",
        bar=f"≤ {BAR_NIGHT:.0f} s on one core",
        met=value <= BAR_NIGHT,
        notes=f"first night {first:.1f} s, a later one {again:.1f} s, of {CERTIFICATES:,} different certificates",
    )


def _install(hierarchy: pki.Pki, at: dt.datetime) -> None:
    files = [("root", hierarchy.root.pem), ("issuing", hierarchy.issuing.pem)]
    trust(caller=Caller.command("benchmark"), files=files, environment=Environment.TEST, unpinned=True)
    der = hierarchy.crl([x509.random_serial_number() for _ in range(ENTRIES)], at=at).public_bytes(Encoding.DER)
    read = read_list(der, authority=read_details(hierarchy.issuing.der), address="", at=at)
    anchor = TrustAnchor.objects.get(sha256=read_details(hierarchy.issuing.der).sha256)
    RevocationList.objects.create(
        anchor=anchor,
        this_update=read.this_update,
        next_update=read.next_update,
        sha256=read.sha256,
        count=read.count,
        entries=read.entries,
    )


def _register(hierarchy: pki.Pki, at: dt.datetime) -> None:
    """Register different certificates, each with a signature of its own; only the key is shared."""
    anchors = installed_anchors()
    for number in range(20):
        cvr = f"{30000000 + number}"
        owner = Organisation.objects.create(name=f"Kommune {number}", cvr_number=cvr)
        Certificate.objects.bulk_create(_certificate(hierarchy, owner, anchors, at) for _ in range(CERTIFICATES // 20))


def _certificate(hierarchy: pki.Pki, owner: Organisation, anchors: Anchors, at: dt.datetime) -> Certificate:
    who = pki.holder(Kind.FOCES, cvr=owner.cvr_number, organisation=owner.name, name="System")
    made = hierarchy.issue(who, pki.profile(Kind.FOCES), at=at - dt.timedelta(days=100))
    verdict = judge(made.der, at=at, environment=Environment.TEST, anchors=anchors)
    return Certificate(organisation=owner, pem=made.pem.decode(), uploaded=at, **verdict.as_fields())
