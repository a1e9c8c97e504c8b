"""The installed authorities, as judging wants them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cryptography.x509.verification import Store

from certificates.authorities import DENIED
from certificates.details import Details, read_details
from certificates.kinds import Environment
from certificates.models import TrustAnchor


@dataclass(frozen=True)
class Anchor:
    """An installed root or issuing CA."""

    details: Details
    environment: Environment
    is_root: bool

    @property
    def may_issue(self) -> bool:
        """Say whether its extensions allow it to sign certificates (RFC 5280 §4.2.1.3, §4.2.1.9)."""
        extensions = self.details.extensions
        return extensions.is_ca and "key_cert_sign" in (extensions.key_usage or ())

    def valid_at(self, at: dt.datetime) -> bool:
        """Say whether the authority's own dates include `at`."""
        return self.details.not_before <= at <= self.details.not_after


class Anchors:
    """The installed authorities, parsed once; hand the same object to every judgement of a batch."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        self.all = tuple(anchor for anchor in anchors if anchor.details.sha256 not in DENIED)
        self.roots = tuple(anchor for anchor in self.all if anchor.is_root)
        self.intermediates = tuple(anchor for anchor in self.all if not anchor.is_root)

    @cached_property
    def store(self) -> Store | None:
        """The roots that may issue, as cryptography wants them; None when there is none."""
        fit = [root.details.certificate for root in self.roots if root.may_issue]
        return Store(fit) if fit else None

    @cached_property
    def by_sha256(self) -> dict[str, Anchor]:
        """The authorities by fingerprint."""
        return {anchor.details.sha256: anchor for anchor in self.all}

    def named(self, subject_der: bytes) -> list[Anchor]:
        """Return the authorities that bear exactly this name, encoded as it stands in a certificate."""
        return self._by_name.get(subject_der, [])

    @cached_property
    def _by_name(self) -> dict[bytes, list[Anchor]]:
        names: dict[bytes, list[Anchor]] = {}
        for anchor in self.all:
            names.setdefault(anchor.details.subject_der, []).append(anchor)
        return names


def installed_anchors() -> Anchors:
    """Read the installed authorities: one query."""
    return Anchors(
        Anchor(read_details(row.der), Environment(row.environment), row.is_root) for row in TrustAnchor.objects.all()
    )
