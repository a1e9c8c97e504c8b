"""The tests of a system as its page shows them: what each does, who allowed it, and the key that a sign-in takes."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from systems.check_key import the_key
from systems.models import AllowedProbe, CheckKey, Probe, System
from systems.probing import allowed, offered

WHAT = {
    Probe.LOGIN: _(
        "Each check signs in at your server as the system's user, with a key of this portal's own, and looks whether "
        "the folder is there and can be read."
    ),
    Probe.WRITE: _(
        "Each check writes a small file in the folder, renames it and deletes it again. Its name begins with .adgang; "
        "let the system pass it over."
    ),
    Probe.DELIVER: _(
        "A check that somebody asks for delivers a MeMo for nobody to your address, at most once an hour. Its "
        "recipient is a number that belongs to no one, and its label says that it can be deleted."
    ),
    Probe.MAIL: _(
        "A check that somebody asks for sends a MeMo for nobody to the mailbox, encrypted to the system's certificate, "
        "at most once an hour. You say on the page of the check whether you could open it."
    ),
}


@dataclass(frozen=True, kw_only=True)
class ProbeRow:
    """One test: `allowed` is None as long as it is not; `waits` is one that must be allowed first."""

    probe: Probe
    allowed: AllowedProbe | None
    waits: bool = False

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return str(self.probe).lower()

    @property
    def label(self) -> str | Promise:
        """What it is called."""
        return self.probe.label

    @property
    def what(self) -> Promise:
        """What it does."""
        return WHAT[self.probe]


@dataclass(frozen=True, kw_only=True)
class ProbePanel:
    """The tests that a system's settings give a place to; `key` where a sign-in is allowed."""

    rows: list[ProbeRow]
    key: CheckKey | None
    sender: str


def panel(system: System) -> ProbePanel | None:
    """Return what the page shows; None for a system that has nothing to test beyond looking."""
    known = {Probe(row.probe): row for row in allowed(system)}
    rows = [
        ProbeRow(probe=probe, allowed=known.get(probe), waits=probe is Probe.WRITE and Probe.LOGIN not in known)
        for probe in offered(system)
    ]
    if not rows:
        return None
    sender = settings.ADGANG_MAIL_FROM or f"adgang@{settings.ADGANG_EHLO_NAME}"
    return ProbePanel(rows=rows, key=the_key() if Probe.LOGIN in known else None, sender=sender)
