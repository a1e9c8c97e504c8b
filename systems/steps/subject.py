"""What a check is about: the system's settings as they were when the check began, free of the database."""

from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from adgang.lib.findings import Finding
from adgang.lib.hosts import HostRefused, parse_host

# What a run does not keep of its target: findings stand with the steps, keys and messages nowhere.
UNTOLD = frozenset({"credential_findings", "check_key", "message", "withheld", "mark"})


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """An SSH public key: `type` as in its wire form, `blob` in base64."""

    type: str
    blob: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class TrialMessage:
    """A message for nobody that is to be delivered; `certificate` is the one to encrypt it to, None over https."""

    id: str
    content: bytes = field(repr=False)
    certificate: x509.Certificate | None = None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """`places`: the addresses that are dialled, each once; `lacking_endpoints`: the codes of those that the
    system's role needs and that are missing. `credential_findings`: what the credentials' own checks say.

    `probes`: the names of those that are allowed and take part in this run; for them are `check_key` (the
    installation's private key), `deliver_to` (the place) and `message`, or `withheld`, the code of why there is none.
    `mark` names the test file, so that two systems in one folder do not meet.
    `next_ssh_key` counts beside `ssh_key`. `relay_host`, `ssh_*` and the like are empty or None where there is none.
    """

    protocol: str
    places: tuple[str, ...] = ()
    lacking_endpoints: tuple[str, ...] = ()
    credential_findings: tuple[Finding, ...] = ()
    credential: dict[str, Any] = field(default_factory=dict)
    relay_host: str = ""
    relay_port: int | None = None
    ssh_host: str = ""
    ssh_port: int = 22
    ssh_folder: str = ""
    ssh_username: str = ""
    ssh_key: PublicKey | None = None
    next_ssh_key: PublicKey | None = None
    pinned_host_key: str = ""
    token_created: str = ""
    networks: tuple[str, ...] = ()
    last_seen: str = ""
    probes: tuple[str, ...] = ()
    check_key: bytes = field(default=b"", repr=False)
    deliver_to: str = ""
    message: TrialMessage | None = None
    withheld: str = ""
    mark: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the snapshot that a run keeps: what was checked, without what is empty."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in UNTOLD}
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        values["ssh_key"] = self.ssh_key and self.ssh_key.fingerprint
        values["next_ssh_key"] = self.next_ssh_key and self.next_ssh_key.fingerprint
        return {name: value for name, value in values.items() if value}

    def hosts(self) -> list[str]:
        """Return what is dialled, as `host:port` or mail domain, for the limit per host: spelt in one way only."""
        if self.relay_host:
            return [f"{_spelt(self.relay_host)}:{self.relay_port or 25}"]
        if self.ssh_host:
            return [f"{_spelt(self.ssh_host)}:{self.ssh_port}"]
        return sorted({host_of(place) for place in self.places})


def host_of(place: str) -> str:
    """Return the part of an e-mail address or URL that names the host, and the port when it is not that of https."""
    if not place.lower().startswith("https:"):
        return _spelt(place.rpartition("@")[2].strip("[]"))
    try:
        url = urlsplit(place)
        host, port = _spelt(url.hostname or ""), url.port or 443
    except ValueError:
        return place
    return host if port == 443 else f"{host}:{port}"


def _spelt(host: str) -> str:
    try:
        return str(parse_host(host))
    except HostRefused:
        return host.lower()
