"""Allowed addresses: from where a system calls. One address, or a range of at most 32."""

import re
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_network

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from adgang.lib.findings import Finding, finding
from adgang.lib.networks import IPNetwork, special_range

MAX_IN_RANGE = 32
MAX_LINES = 200


def parse_network(typed: str) -> str:
    """Return an address or range in its one form: `192.0.2.1`, `192.0.2.0/28`, `2001:db8::/123`.

    Raises ValidationError with what is wrong and, where it can be guessed, what was meant.
    """
    text = typed.strip()
    try:
        # A zone ("%eth0") would be taken; it means something on one machine only.
        network = ip_network(text.replace("%", "zone"), strict=False)
    except ValueError:
        raise ValidationError(
            _("“%(text)s” is neither an address nor a range such as 192.0.2.0/28.") % {"text": text[:60]}
        ) from None
    if network.num_addresses > MAX_IN_RANGE:
        params = {"text": text, "count": f"{network.num_addresses:_}".replace("_", "\N{NO-BREAK SPACE}")}
        raise ValidationError(
            _("%(text)s covers %(count)s addresses; a range may cover at most 32 (/27 in IPv4, /123 in IPv6).") % params
        )
    if _has_host_bits(text):
        raise ValidationError(
            _("%(text)s does not begin a range. Did you mean %(meant)s?") % {"text": text, "meant": canonical(network)}
        )
    return canonical(network)


def canonical(network: IPNetwork) -> str:
    """Return the one form of a network; a single address stands without its length."""
    return str(network.network_address if network.num_addresses == 1 else network)


def _has_host_bits(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return True
    return False


def read_networks(text: str) -> list[str]:
    """Return the addresses of a text: one a line, or divided by commas, semicolons or spaces.

    Raises ValidationError that names every line that cannot be used, duplicates among them.
    """
    found: list[str] = []
    faults: list[ValidationError] = []
    for typed in filter(None, re.split(r"[\s,;]+", text)):
        try:
            network = parse_network(typed)
        except ValidationError as error:
            faults.append(error)
            continue
        if network in found:
            faults.append(ValidationError(_("%(network)s stands there twice.") % {"network": network}))
        else:
            found.append(network)
    if len(found) > MAX_LINES:
        faults.append(ValidationError(_("A system has at most %(limit)s addresses and ranges.") % {"limit": MAX_LINES}))
    if faults:
        raise ValidationError(faults)
    return sorted_networks(found)


def sorted_networks(networks: Iterable[str]) -> list[str]:
    """Return canonical networks in the order of their numbers, IPv4 first."""
    parsed = (ip_network(text) for text in networks)
    return [canonical(network) for network in sorted(parsed, key=_number)]


def _number(network: IPNetwork) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen


def address_findings(networks: Sequence[str], *, production: bool) -> list[Finding]:
    """Return what deserves attention among canonical networks: overlaps, and in production what is not public."""
    parsed = [ip_network(text) for text in sorted_networks(networks)]
    return [*_overlaps(parsed), *(_special(parsed) if production else ())]


def _overlaps(networks: Sequence[IPNetwork]) -> Iterator[Finding]:
    """In order of number a network lies within an earlier one or in none, so one look back is enough."""
    wide: IPNetwork | None = None
    for network in networks:
        if wide is not None and network.version == wide.version and network.overlaps(wide):
            yield finding("system.addresses_overlap", network=canonical(network), within=canonical(wide))
        else:
            wide = network


def _special(networks: Iterable[IPNetwork]) -> Iterator[Finding]:
    for network in networks:
        if within := special_range(network.network_address):
            yield finding("system.address_special", network=canonical(network), range=within)
