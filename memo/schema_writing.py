"""XML Schema files of the two versions, written from the tables of elements: what other tools validate with.

One file a namespace; that of MeMo itself once for each version. They are our own, and say what the tables say.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from memo.elements import (
    ELEMENTS,
    ID_TYPES,
    LARGEST,
    LONGEST,
    MESSAGE_TYPES,
    NAMESPACES,
    ROOT,
    SCHEMA_VERSION_ATTRIBUTE,
    VERSION_ATTRIBUTE,
    Child,
    Type,
    Version,
    children,
)

FOLDER = Path(__file__).with_name("schemas")
UUID4 = "[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-4[a-fA-F0-9]{3}-[aAbB89][a-fA-F0-9]{3}-[a-fA-F0-9]{12}"
BASES = {Type.BOOLEAN: "boolean", Type.DATE: "date", Type.CONTENT: "base64Binary"}


def files() -> dict[str, str]:
    """Return every schema file by its name."""
    made = {f"memo-{version}.xsd": _file("memo", version) for version in Version}
    return made | {f"{prefix}.xsd": _file(prefix, Version.V1_1) for prefix in NAMESPACES if prefix != "memo"}


def path(version: Version) -> Path:
    """Return the file to validate messages of a version with."""
    return FOLDER / f"memo-{version}.xsd"


def _file(prefix: str, version: Version) -> str:
    own = [name for name in ELEMENTS if name.startswith(f"{prefix}:") and children(name, version)]
    others = sorted({child.name.partition(":")[0] for name in own for child in children(name, version)} - {prefix})
    declared = "".join(f"\n  xmlns:{one}={quoteattr(NAMESPACES[one])}" for one in [prefix, *others])
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<!-- Made from memo/elements.py by manage.py memo_schemas; do not edit by hand. -->",
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"{declared}',
        f'  targetNamespace={quoteattr(NAMESPACES[prefix])} elementFormDefault="qualified">',
        *(f'  <xs:import namespace={quoteattr(NAMESPACES[one])} schemaLocation="{one}.xsd"/>' for one in others),
        *(line for type_ in _types(own, version) for line in _simple(type_)),
        *(line for name in own for line in _element(name, version)),
        "</xs:schema>",
    ]
    return "\n".join(lines) + "\n"


def _types(own: list[str], version: Version) -> list[Type]:
    used = {child.type for name in own for child in children(name, version)}
    return [type_ for type_ in Type if type_ in used and type_ not in BASES and type_ is not Type.COMPLEX]


def _simple(type_: Type) -> Iterator[str]:
    yield f'  <xs:simpleType name="{type_}Type">'
    yield f'    <xs:restriction base="xs:{_base(type_)}">'
    if type_ is Type.UUID:
        yield f'      <xs:pattern value="{UUID4}"/>'
    elif type_ is Type.TIME:
        yield '      <xs:pattern value=".*Z"/>'
    elif type_ in LARGEST:
        yield f'      <xs:maxInclusive value="{LARGEST[type_]}"/>'
    elif type_ in LONGEST:
        yield f'      <xs:maxLength value="{LONGEST[type_]}"/>'
    else:
        chosen = MESSAGE_TYPES if type_ is Type.MESSAGE_TYPE else ID_TYPES
        yield from (f'      <xs:enumeration value="{choice}"/>' for choice in chosen)
    yield "    </xs:restriction>"
    yield "  </xs:simpleType>"


def _base(type_: Type) -> str:
    if type_ in LARGEST:
        return "long"
    return {Type.URI: "anyURI", Type.TIME: "dateTime", Type.LANGUAGE: "language"}.get(type_, "string")


def _element(name: str, version: Version) -> Iterator[str]:
    yield f'  <xs:element name="{name.partition(":")[2]}">'
    yield "    <xs:complexType>"
    yield "      <xs:sequence>"
    plain = [child for child in children(name, version) if not child.choice]
    chosen = [child for child in children(name, version) if child.choice]
    yield from (f"        {_child(child, version)}" for child in plain)
    if chosen:
        yield '        <xs:choice minOccurs="0">'
        yield from (f'          <xs:element ref="{child.name}"/>' for child in chosen)
        yield "        </xs:choice>"
    yield "      </xs:sequence>"
    if name == ROOT:
        yield f'      <xs:attribute name="{VERSION_ATTRIBUTE}" type="xs:decimal" use="required"/>'
        if version is Version.V1_1:
            yield f'      <xs:attribute name="{SCHEMA_VERSION_ATTRIBUTE}" type="memo:textType" use="required"/>'
    yield "    </xs:complexType>"
    yield "  </xs:element>"


def _child(child: Child, version: Version) -> str:
    fewest, most = child.occurs(version)
    often = "" if fewest == 1 else f' minOccurs="{fewest}"'
    often += "" if most == 1 else f' maxOccurs="{"unbounded" if most is None else most}"'
    if child.type is Type.COMPLEX:
        return f'<xs:element ref="{child.name}"{often}/>'
    prefix, _, local = child.name.partition(":")
    type_ = f"xs:{BASES[child.type]}" if child.type in BASES else f"{prefix}:{child.type}Type"
    default = ' default="false"' if child.type is Type.BOOLEAN else ""
    return f'<xs:element name="{local}" type="{type_}"{default}{often}/>'
