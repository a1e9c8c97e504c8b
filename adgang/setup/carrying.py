"""Carrying a set-up from one installation to another, from test to production: rules that stand in the file itself.

The section `carry` holds them. `export` proposes one rule for every host, allowed address and credential that the file
names; whoever carries the file edits them, and the plan tells what they made of it.

* `addresses`: whole addresses (of systems, links, people), old and new; an empty new one leaves it out.
* `hosts`: hosts and mail domains of the other addresses.
* `networks`: allowed addresses of systems.
* `credentials`: fingerprints of certificates and keys; an empty new one leaves what the system has there.
* `ids`: ids of systems, groups, points and letter types; those without a rule are known by their names, or are new.
* `service`: `leave` (a new system is not in service, others stay as they are) or `take` (as the file says).
"""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from adgang.lib.findings import finding
from adgang.setup.nodes import Entries, Found, Items, Node, Text
from contacts.csv_columns import Refused, uuid_of

LEAVE, TAKE = "leave", "take"
MAPS = ("addresses", "hosts", "networks", "credentials", "ids")
# Where addresses stand in each kind of entry, by the word that the entry begins with: a point names a system, too.
OF_SYSTEMS = (
    *("endpoint", "receiptEndpoint", "technicalContact.email", "businessContactEmail"),
    *("sftp.host", "smtpRelay.host"),
)
ADDRESSES = {
    "point": ("reportLink.externalLink",),
    "group": (),
    "letter": ("responsible.email",),
    "person": ("person",),
    "system": OF_SYSTEMS,
    "standardSystem": OF_SYSTEMS,
    "edition": OF_SYSTEMS,
}
ACTIONS, MEMBERS = "actions", "members"
# What entries stand in others: groups and points in groups, editions in standard systems.
INNER = ("contents", "editions")
CREDENTIALS = ("certificate", "nextCertificate.sha256", "ssh.key", "ssh.nextKey")
# What belongs to the installation that the file comes from: other ids, dates of service, a server's own key.
ALWAYS_LEFT = ("registryId", "sftp.hostKey")
SERVICE = ("activeFrom", "activeTo")


@dataclass
class Rules:
    """The rules of one file. Without any (`is_given` False) everything is as the file says."""

    is_given: bool = False
    maps: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in MAPS})
    service: str = LEAVE
    ids: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)

    def host(self, host: str) -> str:
        """Return the host or mail domain that takes the place of another."""
        return self.maps["hosts"].get(host.lower(), host)

    def address(self, text: str) -> str:
        """Return the address that takes the place of another; "" where it is left out."""
        if text in self.maps["addresses"]:
            return self.maps["addresses"][text]
        host = host_of(text)
        if not host or self.host(host) == host:
            return text
        new = self.host(host)
        return re.sub(re.escape(host), lambda _found: new, text, count=1, flags=re.IGNORECASE) if new else ""


def host_of(text: str) -> str:
    """Return the host of a URL, the domain of a mail address, or the text itself: a host."""
    if "://" in text:
        try:
            return urlsplit(text).hostname or ""
        except ValueError:
            return ""
    return text.rpartition("@")[2].strip().lower()


def read(node: Entries | None, findings: list[Found]) -> Rules:
    """Return the rules that stand in a file; what is wrong with them is added to the findings."""
    if node is None:
        return Rules()
    rules = Rules(is_given=True)
    for name, one in node.entries.items():
        line = node.lines[name]
        if name == "service":
            rules.service = _service(one, line, findings)
        elif name not in MAPS:
            choices = [*MAPS, "service"]
            findings.append(Found(finding("setup.key_unknown", key=name, choices=choices), line, f"carry.{name}"))
        elif isinstance(one, Entries):
            rules.maps[name] = dict(_pairs(one, findings))
        elif not (isinstance(one, Text) and one.is_nothing):
            findings.append(Found(finding("setup.map_wanted"), line, f"carry.{name}"))
    rules.maps["hosts"] = {host.lower(): new.lower() for host, new in rules.maps["hosts"].items()}
    for old, new in rules.maps["ids"].items():
        try:
            pair = uuid_of(old), uuid_of(new)
        except Refused as refused:
            findings.append(Found(refused.finding, node.lines["ids"], "carry.ids"))
            continue
        if pair[0] and pair[1]:
            rules.ids[pair[0]] = pair[1]
    return rules


def _service(node: Node, line: int, findings: list[Found]) -> str:
    text = node.value if isinstance(node, Text) else ""
    if text not in (LEAVE, TAKE):
        findings.append(Found(finding("setup.choice", value=text, choices=[LEAVE, TAKE]), line, "carry.service"))
        return LEAVE
    return text


def _pairs(node: Entries, findings: list[Found]) -> Iterator[tuple[str, str]]:
    for old, new in node.entries.items():
        if isinstance(new, Text):
            yield old, "" if new.is_nothing else new.value.strip()
        else:
            findings.append(Found(finding("setup.text_wanted"), node.lines[old], old))


def carry(sections: Any, rules: Rules, findings: list[Found]) -> None:
    """Change the tree of a file as its rules say; hosts that are as they were are told of once."""
    kept: dict[str, None] = {}

    def address(text: str) -> str:
        new = rules.address(text)
        if new and (host := host_of(new)) == host_of(text) and text not in rules.maps["addresses"]:
            kept[host] = None
        return new

    for entry in _entries(sections):
        word = next((one for one in ADDRESSES if one in entry.entries), "")
        for name in ADDRESSES.get(word, ()):
            _change(entry, name, address)
        if word == "system":
            _carry_system(entry, rules)
        if word == "letter":
            _each(entry, ACTIONS, lambda text: _action(text, address))
        _each(entry, MEMBERS, address)
        _each(entry, "allowedIps", lambda text: rules.maps["networks"].get(text, text))
        _leave(entry, "registryId")
    if kept:
        findings.append(Found(finding("setup.hosts_kept", hosts=sorted(kept)), None, "carry.hosts"))


def _carry_system(entry: Entries, rules: Rules) -> None:
    credentials = rules.maps["credentials"]
    for name in CREDENTIALS:
        _change(entry, name, lambda text: credentials.get(text, ""))
    for name in ALWAYS_LEFT:
        _leave(entry, name)


def _entries(node: Any) -> Iterator[Entries]:
    """Yield every system, group, point and letter type of the sections."""
    waiting: list[Any] = list(node.values())
    while waiting:
        here = waiting.pop()
        if isinstance(here, Items):
            waiting += here.items
        elif isinstance(here, Entries):
            yield here
            waiting += [here.entries[name] for name in INNER if name in here.entries]


def _holder(entry: Entries, name: str) -> tuple[Entries, str] | None:
    outer, dot, inner = name.partition(".")
    if not dot:
        return (entry, outer) if outer in entry.entries else None
    there = entry.entries.get(outer)
    return (there, inner) if isinstance(there, Entries) and inner in there.entries else None


def _change(entry: Entries, name: str, change: Callable[[str], str]) -> None:
    if (holder := _holder(entry, name)) is None:
        return
    there, key = holder
    node = there.entries[key]
    if isinstance(node, Text) and not node.is_nothing:
        there.entries[key] = Text(node.line, change(node.value.strip()), plain=True)


def _leave(entry: Entries, name: str) -> None:
    if (holder := _holder(entry, name)) is not None:
        del holder[0].entries[holder[1]]


def _each(entry: Entries, name: str, change: Callable[[str], str]) -> None:
    node = entry.entries.get(name)
    if isinstance(node, Items):
        texts = [one for one in node.items if isinstance(one, Text)]
        changed = [Text(one.line, new, plain=False) for one in texts if (new := change(one.value.strip()))]
        entry.entries[name] = Items(node.line, [*changed])


def _action(text: str, address: Callable[[str], str]) -> str:
    words, _blank, url = text.rpartition(" ")
    new = address(url) if "://" in url else url
    return f"{words} {new}".strip() if new else ""


def proposed(sections: dict[str, Any]) -> dict[str, Any]:
    """Return the section `carry` for an export: a rule for everything that may be different elsewhere.

    `sections` are those of the export, as they are written.
    """
    hosts: dict[str, str] = {}
    networks: dict[str, str] = {}
    credentials: dict[str, str] = {}
    for entry in _written_entries(sections):
        word = next((one for one in ADDRESSES if one in entry), "")
        addresses = [_at(entry, name) for name in ADDRESSES.get(word, ())]
        addresses += [one.rpartition(" ")[2] for one in entry.get(ACTIONS) or []]
        addresses += entry.get(MEMBERS) or []
        hosts |= {host: host for text in addresses if text and (host := host_of(text))}
        networks |= {one: one for one in entry.get("allowedIps") or []}
        credentials |= {text: "" for name in CREDENTIALS if (text := _at(entry, name))}
    maps = {"addresses": {}, "hosts": hosts, "networks": networks, "credentials": credentials, "ids": {}}
    return {name: dict(sorted(pairs.items())) for name, pairs in maps.items()} | {"service": LEAVE}


def _written_entries(sections: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [entry for entries in sections.values() for entry in entries]
    while waiting:
        entry = waiting.pop()
        yield entry
        waiting += [one for name in INNER for one in entry.get(name) or []]


def _at(entry: dict[str, Any], name: str) -> str:
    outer, dot, inner = name.partition(".")
    found = entry.get(outer)
    if dot:
        found = found.get(inner) if isinstance(found, dict) else None
    return str(found) if isinstance(found, str) else ""
