"""The keys of a set-up file, kind by kind: one table that writes and reads them.

Their names are those of the registry's API. Behind most of them stands a column of the CSV files, whose reader is the
only one there is: what a file may say, and what is wrong with it, is the same in both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from adgang.lib.findings import finding
from adgang.setup.nodes import Entries, Found, Items, Node, Text
from adgang.setup.yaml_writing import Bare, Words
from contacts import cells
from contacts.csv_columns import Refused

YES, NO = "ja", "nej"


class Form(Enum):
    """What stands at a key."""

    TEXT = auto()
    NUMBER = auto()
    SWITCH = auto()
    LIST = auto()


@dataclass(frozen=True)
class Key:
    """A key, with a dot between it and the map it stands in, and the column it stands for.

    `words` are the values of a list in the file, by the words of the column.
    """

    name: str
    column: str
    form: Form = Form.TEXT
    words: Mapping[str, str] = field(default_factory=dict)

    def written(self, cell: str) -> Any:
        """Return what stands in the file for a cell."""
        match self.form:
            case Form.SWITCH:
                return cell == YES
            case Form.NUMBER:
                return Bare(cell.replace(",", "."))
            case Form.LIST:
                entries = cells.split_list(cell)
                return Words(self.words[entry] for entry in entries) if self.words else entries
        return cell

    def cell(self, node: Node) -> str:
        """Return the cell for what stands in the file. Raises `Refused`."""
        if isinstance(node, Items) and self.form is Form.LIST:
            back = {word: entry for entry, word in self.words.items()}
            return cells.join_list(back.get(one, one) for one in map(_text, node.items))
        text = "" if isinstance(node, Text) and node.is_nothing else _text(node)
        match self.form:
            case Form.SWITCH if text not in SWITCH:
                raise Refused("setup.switch", value=text)
            case Form.SWITCH:
                return SWITCH[text]
            case Form.LIST if text:
                raise Refused("setup.list_wanted")
        return text


SWITCH = {"true": YES, "false": NO}


def _text(node: Node) -> str:
    if not isinstance(node, Text):
        raise Refused("setup.text_wanted")
    return node.value


def nested(pairs: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by keys with dots as maps in maps."""
    made: dict[str, Any] = {}
    for name, value in pairs.items():
        outer, dot, inner = name.partition(".")
        if dot:
            made.setdefault(outer, {})[inner] = value
        else:
            made[name] = value
    return made


def flat(entries: Entries, known: Mapping[str, Any], findings: list[Found]) -> Iterator[tuple[str, Node, int]]:
    """Yield (key with dots, what stands there, line) of a map; keys not `known` are told of in the findings."""
    outer = {name.partition(".")[0] for name in known if "." in name}
    for name, node in entries.entries.items():
        line = entries.lines[name]
        if name in known:
            yield name, node, line
        elif name in outer and isinstance(node, Entries):
            for inner, one in node.entries.items():
                if f"{name}.{inner}" in known:
                    yield f"{name}.{inner}", one, node.lines[inner]
                else:
                    findings.append(_unknown(f"{name}.{inner}", node.lines[inner], known))
        elif name in outer:
            if not (isinstance(node, Text) and node.is_nothing):
                findings.append(Found(finding("setup.map_wanted"), line, name))
        else:
            findings.append(_unknown(name, line, known))


def _unknown(name: str, line: int, known: Mapping[str, Any]) -> Found:
    return Found(finding("setup.key_unknown", key=name, choices=sorted(known)), line, name)


def by_name(keys: tuple[Key, ...]) -> dict[str, Key]:
    """Return the keys by their names."""
    return {key.name: key for key in keys}


AUDIENCES = {"borger": "CITIZEN", "virksomhed": "COMPANY", "myndighed": "AUTHORITY"}

GROUP_KEYS = by_name(
    (
        Key("description", "beskrivelse"),
        Key("organisationalUnit", "organisatorisk enhed", Form.SWITCH),
        Key("postkasseIds", "postkasser", Form.LIST),
        Key("registryId", "id i digital post"),
    )
)
POINT_KEYS = by_name(
    (
        Key("targets", "målgrupper", Form.LIST, AUDIENCES),
        Key("active", "aktiv", Form.SWITCH),
        Key("visible", "synlig", Form.SWITCH),
        Key("description", "beskrivelse"),
        Key("internalDescription", "intern note"),
        Key("searchTerms", "søgeord", Form.LIST),
        Key("contactPointCodes", "koder", Form.LIST),
        Key("recommendedAttributes", "ekstra oplysninger", Form.LIST),
        Key("reportLink.label", "link overskrift"),
        Key("reportLink.description", "link beskrivelse"),
        Key("reportLink.externalLink", "link"),
        Key("reportLink.externalLinkText", "link tekst"),
        Key("memoSizeThresholdMB", "største besked i mb", Form.NUMBER),
        Key("allowedNumberOfAttachments", "antal vedhæftninger", Form.NUMBER),
        Key("translations", "postkasse og emne", Form.LIST),
        Key("registryId", "id i digital post"),
        Key("replacedBy", "erstattes af"),
    )
)
LETTER_KEYS = by_name(
    (
        Key("responsible.name", "ansvarlig"),
        Key("responsible.email", "ansvarlig e-mail"),
        Key("senderSystem", "afsendersystem"),
        Key("replyAllowed", "kan besvares", Form.SWITCH),
        Key("replyPoint", "kontaktpunkt"),
        Key("replyDays", "svarfrist i dage", Form.NUMBER),
        Key("mandatory", "obligatorisk", Form.SWITCH),
        Key("legalNotification", "forkyndelse", Form.SWITCH),
        Key("postType", "posttype"),
        Key("codes", "koder", Form.LIST),
        Key("actions", "handlinger", Form.LIST),
        Key("contactInfo", "ekstra oplysninger", Form.LIST),
    )
)
