"""What the operators see of the authorities: the installed, what hangs on each, and the known ones that are missing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch

from adgang.lib.findings import Finding
from certificates.authorities import Authority, addressed
from certificates.models import Certificate, RevocationList, TrustAnchor


@dataclass(frozen=True)
class InstalledAuthority:
    """An installed authority. `certificates`: how many registered ones name it; `below`: installed CAs under a root."""

    anchor: TrustAnchor
    certificates: int
    below: tuple[TrustAnchor, ...]
    root_is_missing: bool

    @property
    def list(self) -> RevocationList | None:
        """Its newest revocation list; None when fetching has not begun."""
        return getattr(self.anchor, "revocation_list", None)

    @property
    def list_problem(self) -> str:
        """Why the last attempt to fetch its list brought nothing, in the reader's language; "" when it did."""
        failure = self.list.failure if self.list else None
        return Finding.from_json(failure).message if failure else ""

    def list_is_stale(self, at: dt.datetime) -> bool:
        """Say whether its list is no longer in force."""
        return self.list is not None and self.list.next_update is not None and self.list.next_update < at

    def expired(self, at: dt.datetime) -> bool:
        """Say whether its own dates have passed."""
        return self.anchor.not_after < at


def installed_authorities() -> list[InstalledAuthority]:
    """Return every installed authority, roots before what stands below them: three queries, whatever the number."""
    lists = RevocationList.objects.defer("entries")
    anchors = list(TrustAnchor.objects.prefetch_related(Prefetch("revocation_list", queryset=lists)))
    named = Certificate.objects.values("environment", "issuer").annotate(count=Count("pk")).order_by()
    counted = {(row["environment"], row["issuer"]): row["count"] for row in named}
    roots = {(anchor.environment, anchor.subject) for anchor in anchors if anchor.is_root}
    return [
        InstalledAuthority(
            anchor=anchor,
            certificates=counted.get((anchor.environment, anchor.subject), 0),
            below=tuple(_below(anchor, anchors)) if anchor.is_root else (),
            root_is_missing=not anchor.is_root and (anchor.environment, anchor.issuer) not in roots,
        )
        for anchor in anchors
    ]


def _below(root: TrustAnchor, anchors: Iterable[TrustAnchor]) -> list[TrustAnchor]:
    return [
        anchor
        for anchor in anchors
        if not anchor.is_root and (anchor.environment, anchor.issuer) == (root.environment, root.subject)
    ]


def missing_authorities(installed: Iterable[InstalledAuthority]) -> list[Authority]:
    """Return the authorities that `trust fetch` gets and that are not installed."""
    present = {row.anchor.sha256 for row in installed}
    return [known for known in addressed() if known.sha256 not in present]
