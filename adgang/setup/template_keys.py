"""What a set-up file says of a standard system: the keys of a system, and which of them authorities fill in."""

from collections.abc import Iterable, Mapping
from typing import Any

from adgang.lib.snapshots import as_json
from adgang.setup import system_keys
from adgang.setup.keys import nested
from adgang.setup.nodes import Node
from adgang.setup.system_keys import KEYS, ON_FILE, Stated
from adgang.setup.yaml_writing import Words
from systems.forms.fields import CONTACTS, TYPES, VENDOR
from systems.models import System, SystemTemplate
from systems.standard import values
from systems.standard.values import NETWORKS

ADDRESSED = ("endpoint", "receipt_endpoint", "smtp_relay_host", "smtp_relay_port")
SERVED = ("sftp_host", "sftp_port", "sftp_folder")
FIELDS = ("service_protocol", *TYPES, *ADDRESSED, *SERVED, *CONTACTS, *VENDOR, NETWORKS)
KEY_OF = {field: ON_FILE.get(field, field) for field in FIELDS}
KEY_OF |= dict.fromkeys(TYPES, "systemTypes") | {NETWORKS: "allowedIps"}
FIELD_OF = {key: field for field, key in KEY_OF.items() if field not in TYPES}
USED = frozenset(KEY_OF.values())
TO_FILL, EDITIONS, RETIRED = "toFill", "editions", "retired"


def told(said: Mapping[str, Any], to_fill: Iterable[str]) -> dict[str, Any]:
    """Return what a file says of values, by keys with dots; only what differs from one that says nothing."""
    shown = system_keys.shown(values.system_of(said, name=""), list(said.get(NETWORKS, [])))
    open_keys = [KEY_OF[field] for field in to_fill if field in KEY_OF]
    return {key: one for key, one in shown.items() if key in USED} | ({TO_FILL: Words(open_keys)} if open_keys else {})


def told_of(template: SystemTemplate) -> dict[str, Any]:
    """Return what a file says of a working copy, by keys with dots."""
    described = {"description": template.description} if template.description else {}
    retired = {RETIRED: as_json(template.retired)} if template.retired else {}
    return described | told(template.values, template.to_fill) | retired


def written(template: SystemTemplate) -> dict[str, Any]:
    """Return a standard system as it stands in the file; its editions need to be read with it."""
    editions = [
        {
            "edition": one.number,
            "published": as_json(one.published),
            **({"note": one.note} if one.note else {}),
            **nested(told(one.values, one.to_fill)),
        }
        for one in sorted(template.editions.all(), key=lambda one: one.number)
    ]
    named = {"standardSystem": template.name, "id": str(template.pk), **nested(told_of(template))}
    return named | ({EDITIONS: editions} if editions else {})


def kept(read: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that were read from a file, by fields; a protocol is among them."""
    stated = Stated(System(), [], {})
    for key in USED:
        KEYS[key].fill(stated, read.get(key, KEYS[key].empty))
    known = {field: getattr(stated.system, field) for field in FIELDS if field != NETWORKS}
    return values.kept(known | {NETWORKS: stated.networks})


def read_key(key: str, node: Node) -> Any:
    """Return what a file says at a key of a system. Raises `Refused`."""
    return KEYS[key].read(node)
