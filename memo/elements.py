"""The elements of a MeMo as data: which stand in which, in which order, how often, of which type, in which version.

1.1 follows the published schema. Of 1.2, in production since March 2025, no schema is public: what is known of its
differences stands here. Everything else is made from these tables: the schemas, the check, and the writing of messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache


class Version(StrEnum):
    """The versions in use."""

    V1_1 = "1.1"
    V1_2 = "1.2"


NAMESPACES = {
    "memo": "https://DigitalPost.dk/MeMo-1",
    "grd": "https://data.gov.dk/model/core/",
    "gln": "https://www.gs1.dk/gs1-standarder/identifikation/gln-global-location-number/",
    "udd": ("https://www.dst.dk/da/TilSalg/Forskningsservice/Dokumentation/hoejkvalitetsvariable/elevregister-2/udd#"),
    "dmv": "https://motorregister.skat.dk/",
    "kle": "http://kle-online.dk/",
    "form": "http://www.form-online.dk/",
    "sor": "https://services.nsi.dk/en/Services/SOR",
}
PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
ROOT = "memo:Message"
VERSION_ATTRIBUTE = "memoVersion"
SCHEMA_VERSION_ATTRIBUTE = "memoSchVersion"
SCHEMA_VERSION = "1.1.0"


class Type(StrEnum):
    """What an element may hold. `COMPLEX`: other elements, listed under its own name."""

    COMPLEX = "complex"
    TEXT = "text"
    COMMENT = "comment"
    NOTIFICATION = "notification"
    URI = "uri"
    UUID = "uuid"
    TIME = "dateTimeZ"
    DATE = "date"
    LANGUAGE = "language"
    LICENCE = "licence"
    GLN = "gln"
    PNUMBER = "pnumber"
    MESSAGE_TYPE = "messageType"
    ID_TYPE = "idType"
    BOOLEAN = "boolean"
    CONTENT = "base64Binary"


# The longest text of a type, in characters.
LONGEST = {
    Type.TEXT: 256,
    Type.COMMENT: 512,
    Type.NOTIFICATION: 160,
    Type.URI: 256,
    Type.LANGUAGE: 2,
    Type.LICENCE: 7,
}
LARGEST = {Type.GLN: 9_999_999_999_999, Type.PNUMBER: 9_999_999_999}
MESSAGE_TYPES = ("DIGITALPOST", "NEMSMS")
ID_TYPES = ("CPR", "CVR")
BOTH = frozenset(Version)
NEVER = (0, 0)


@dataclass(frozen=True)
class Child:
    """An element in its parent: `often` gives (fewest, most; None: no end) in each version that knows it.

    Of the children of one parent that name the same `choice`, one may stand there.
    """

    name: str
    type: Type
    often: dict[Version, tuple[int, int | None]] = field(hash=False)
    choice: str = ""

    def occurs(self, version: Version) -> tuple[int, int | None]:
        """Return how often it may stand there: (fewest, most), (0, 0) where the version does not know it."""
        return self.often.get(version, NEVER)


TYPES = {type_.value: type_ for type_ in Type}
OFTEN: dict[str, tuple[int, int | None]] = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}


def _child(parent: str, written: str) -> Child:
    """Read one child: `name[?*+{most}][:type][@version][|often@version]`; without type it is complex."""
    written, _, choice = written.partition("~")
    head, _, versions = written.partition("@")
    name, _, type_ = (
        head.partition(":") if not head.startswith(tuple(f"{one}:" for one in NAMESPACES)) else _prefixed(head)
    )
    if name.endswith("}"):
        name, _, number = name.rstrip("}").partition("{")
        often: tuple[int, int | None] = (0, int(number))
    else:
        mark = name[-1] if name[-1] in "?*+" else ""
        name, often = name.removesuffix(mark) if mark else name, OFTEN[mark]
    occurs = dict.fromkeys(Version, often)
    if versions == "1.1":
        occurs = {Version.V1_1: often}
    elif versions == "1.2":
        occurs = {Version.V1_2: often}
    elif versions == "1.2?":
        occurs = {Version.V1_1: often, Version.V1_2: (0, 1)}
    prefix = parent.partition(":")[0]
    return Child(name if ":" in name else f"{prefix}:{name}", TYPES[type_ or "complex"], occurs, choice)


def _prefixed(head: str) -> tuple[str, str, str]:
    prefix, _, rest = head.partition(":")
    local, colon, type_ = rest.partition(":")
    return f"{prefix}:{local}", colon, type_


# Element → its children in order. `?` 0..1, `*` 0..n, `+` 1..n, `{4}` 0..4; `@1.2` in that version alone, `@1.2?`
# optional in 1.2; `~` one of those that share the word.
WRITTEN: dict[str, str] = {
    "memo:Message": "MessageHeader MessageBody?",
    "memo:MessageHeader": (
        "messageType:messageType messageUUID:uuid messageID?:text messageCode?:text label:text "
        "notification?:notification additionalNotification?:text reply?:boolean replyByDateTime?:dateTimeZ "
        "doNotDeliverUntilDate?:date mandatory:boolean@1.2? legalNotification:boolean@1.2? postType?:text "
        "Sender Recipient ContentData? ForwardData? ReplyData*"
    ),
    "memo:Sender": (
        "senderID:text idType:text idTypeLabel?:text@1.1 label:text AttentionData? ContactPoint? Representative?@1.2"
    ),
    "memo:Recipient": "recipientID:text idType:text idTypeLabel?:text@1.1 label?:text AttentionData? ContactPoint?",
    "memo:Representative": "representativeID:text@1.2 idType:idType@1.2 label:text@1.2",
    "memo:ContactPoint": "contactGroup?:text contactPointID:text label?:text ContactInfo{2}",
    "memo:ContactInfo": "label:text value:text",
    "memo:AttentionData": (
        "AttentionPerson? grd:ProductionUnit? gln:GlobalLocationNumber? EMail? grd:SEnumber? Telephone? grd:EID? "
        "ContentResponsible? GeneratingSystem? sor:SORdata? grd:Address? grd:UnstructuredAddress?"
    ),
    "memo:AttentionPerson": "personID?:text label?:text",
    "memo:EMail": "emailAddress:text relatedAgent?:text",
    "memo:Telephone": "telephoneNumber:text relatedAgent?:text",
    "memo:ContentResponsible": "contentResponsibleID?:text label?:text",
    "memo:GeneratingSystem": "generatingSystemID:text label?:text",
    "memo:ContentData": (
        "grd:CPRdata? grd:CVRdata? dmv:MotorVehicle? grd:PropertyNumber? CaseID? kle:KLEdata? form:FORMdata? "
        "grd:ProductionUnit? udd:Education? grd:Address? grd:UnstructuredAddress? AdditionalContentData{10}"
    ),
    "memo:CaseID": "caseID:text caseSystem:text",
    "memo:AdditionalContentData": "contentDataType?:text contentDataName:text contentDataValue:text",
    "memo:ForwardData": (
        "messageUUID:uuid originalMessageDateTime:dateTimeZ originalSender:text originalContentResponsible?:text "
        "originalRepresentative?:text@1.2 contactPointID?:text comment?:comment"
    ),
    "memo:ReplyData": (
        "messageID?:text messageUUID:uuid replyUUID?:uuid senderID?:text recipientID?:text caseID?:text "
        "contactPointID?:text generatingSystemID?:text comment?:comment AdditionalReplyData{4}"
    ),
    "memo:AdditionalReplyData": "label:text value:text",
    "memo:MessageBody": "createdDateTime:dateTimeZ MainDocument AdditionalDocument* TechnicalDocument*",
    "memo:MainDocument": "mainDocumentID?:text label?:text File+ Action*",
    "memo:AdditionalDocument": "additionalDocumentID?:text label?:text File+ Action*",
    "memo:TechnicalDocument": "technicalDocumentID?:text label?:text File+",
    "memo:File": "encodingFormat:text filename:text language:language content:base64Binary",
    "memo:Action": (
        "label:text actionCode:text startDateTime?:dateTimeZ endDateTime?:dateTimeZ Reservation?~what EntryPoint?~what"
    ),
    "memo:EntryPoint": "url:uri",
    "memo:Reservation": (
        "description:text reservationUUID:uuid abstract:text location:text startDateTime:dateTimeZ "
        "endDateTime:dateTimeZ organizerMail?:text organizerName?:text"
    ),
    "grd:AddressPoint": (
        "geographicEastingMeasure?:text geographicNorthingMeasure?:text geographicHeightMeasure?:text"
    ),
    "grd:Address": (
        "id?:text addressLabel?:text houseNumber?:text door?:text floor?:text co?:text zipCode?:text city?:text "
        "country?:text AddressPoint?"
    ),
    "grd:UnstructuredAddress": "unstructured:text",
    "grd:CPRdata": "cprNumber:text name?:text",
    "grd:CVRdata": "cvrNumber:text companyName?:text",
    "grd:EID": "eID:text label?:text",
    "grd:ProductionUnit": "productionUnitNumber:pnumber productionUnitName?:text",
    "grd:SEnumber": "seNumber:text companyName?:text",
    "grd:PropertyNumber": "propertyNumber:text",
    "gln:GlobalLocationNumber": "globalLocationNumber:gln location?:text",
    "dmv:MotorVehicle": "licenseNumber:licence chassisNumber?:text",
    "kle:KLEdata": "subjectKey:text version:text activityFacet?:text label:text",
    "form:FORMdata": "taskKey:text version:text activityFacet?:text label:text",
    "udd:Education": "educationCode:text educationName?:text",
    "sor:SORdata": "sorIdentifier:text entryName?:text",
}

ELEMENTS: dict[str, tuple[Child, ...]] = {
    name: tuple(_child(name, child) for child in written.split()) for name, written in WRITTEN.items()
}


@cache
def children(name: str, version: Version) -> tuple[Child, ...]:
    """Return the children that an element may have in a version, in order."""
    return tuple(child for child in ELEMENTS[name] if child.occurs(version) != NEVER)


@cache
def parents(name: str) -> tuple[str, ...]:
    """Return the elements in which one of that name may stand, in any version."""
    return tuple(parent for parent, listed in ELEMENTS.items() if any(child.name == name for child in listed))


def names() -> Iterator[str]:
    """Yield the name of every element there is, in any version."""
    yield ROOT
    yield from dict.fromkeys(child.name for listed in ELEMENTS.values() for child in listed)


def expanded(name: str) -> str:
    """Return a name with its namespace as the parser gives it: "memo:label" as "https://… label"."""
    prefix, _, local = name.partition(":")
    return f"{NAMESPACES[prefix]} {local}"
