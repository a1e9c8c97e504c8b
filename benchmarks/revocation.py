"""P13: a revocation list of 100,000 entries, from the bytes to the look-up."""

import datetime as dt
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from adgang.demo import pki
from benchmarks.registry import Measurement, benchmark, median_seconds
from certificates.details import read_details
from certificates.revocation.entries import find
from certificates.revocation.lists import read_list

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
