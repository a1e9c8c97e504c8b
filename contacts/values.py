"""The values of a group or point, apart from where it stands: what a form, a file or the registry says of it."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from adgang.lib.snapshots import JSON, as_json
from contacts.models import ContactGroup, ContactPoint
from systems.models import System


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code of a classification; see `contacts.codes` for its form."""

    type: str
    code: str
    code_version: str = ""
    name: str = ""
    type_name: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What may stand once only at a point."""
        return self.type, self.code, self.type_name


@dataclass(frozen=True)
class Mailbox:
    """The ids of a former mailbox and its topic."""

    postkasse_id: int
    postkasse_emne_id: int


@dataclass(frozen=True, kw_only=True)
class GroupValues:
    """What can be said of a group."""

    name: str
    description: str = ""
    organisational_unit: bool = False
    postkasse_ids: tuple[int, ...] = ()
    registry_id: uuid.UUID | None = None

    @classmethod
    def of(cls, group: ContactGroup) -> "GroupValues":
        """Return the values that a group has."""
        return cls(
            **{name: getattr(group, name) for name in GROUP_FIELDS}, postkasse_ids=tuple(group.postkasse_ids or ())
        )

    def write_to(self, group: ContactGroup) -> None:
        """Set the fields of `group`; nothing is saved."""
        for name in GROUP_FIELDS:
            setattr(group, name, getattr(self, name))
        group.postkasse_ids = list(self.postkasse_ids)


@dataclass(frozen=True, kw_only=True)
class PointValues:
    """What can be said of a point, its lists included."""

    name: str
    system: System
    description: str = ""
    internal_description: str = ""
    for_citizens: bool = False
    for_companies: bool = False
    for_authorities: bool = False
    active: bool = True
    visible: bool = True
    registry_id: uuid.UUID | None = None
    replaced_by: uuid.UUID | None = None
    report_link_label: str = ""
    report_link_description: str = ""
    report_link_url: str = ""
    report_link_text: str = ""
    memo_size_threshold_mb: Decimal | None = None
    allowed_number_of_attachments: int | None = None
    codes: tuple[Code, ...] = field(default=())
    search_terms: tuple[str, ...] = field(default=())
    recommended_attributes: tuple[str, ...] = field(default=())
    translations: tuple[Mailbox, ...] = field(default=())

    @classmethod
    def of(cls, point: ContactPoint) -> "PointValues":
        """Return the values that a point has; cheap when it was loaded `with_belongings`."""
        return cls(
            **{name: getattr(point, name) for name in POINT_FIELDS},
            codes=tuple(Code(**{name: getattr(code, name) for name in CODE_FIELDS}) for code in point.codes.all()),
            search_terms=tuple(term.term for term in point.search_terms.all()),
            recommended_attributes=tuple(attribute.name for attribute in point.recommended_attributes.all()),
            translations=tuple(
                Mailbox(translation.postkasse_id, translation.postkasse_emne_id)
                for translation in point.translations.all()
            ),
        )

    @classmethod
    def of_fields(cls, fields: dict[str, Any]) -> "PointValues":
        """Return values of which every field is given, in the order of the fields; `fields` is not changed afterwards.

        The structure is read by this: a frozen class sets each field by a call, two dozen for each of ten thousand
        points.
        """
        made = object.__new__(cls)
        object.__setattr__(made, "__dict__", fields)
        return made

    def write_to(self, point: ContactPoint) -> None:
        """Set the fields of `point`; nothing is saved, and its lists are left to `contacts.belongings`."""
        for name in POINT_FIELDS:
            setattr(point, name, getattr(self, name))


GROUP_FIELDS = ("name", "description", "organisational_unit", "registry_id")
POINT_FIELDS = (
    "name",
    "system",
    "description",
    "internal_description",
    "for_citizens",
    "for_companies",
    "for_authorities",
    "active",
    "visible",
    "registry_id",
    "replaced_by",
    "report_link_label",
    "report_link_description",
    "report_link_url",
    "report_link_text",
    "memo_size_threshold_mb",
    "allowed_number_of_attachments",
)
POINT_LISTS = ("codes", "search_terms", "recommended_attributes", "translations")
CODE_FIELDS = ("type", "code", "code_version", "name", "type_name")

Values = GroupValues | PointValues


def as_log(values: Values) -> dict[str, JSON]:
    """Return values as the event log keeps them: JSON, the system by its id."""
    return {name: value if value.__class__ in PLAIN else _logged(value) for name, value in vars(values).items()}


# Most values are of these, and there are a dozen of them in each of thousands of points.
PLAIN = frozenset({str, bool, int, type(None)})


def _logged(value: Any) -> JSON:
    match value:
        case tuple():
            return [item if item.__class__ in PLAIN else _logged(item) for item in value]
        case System():
            return str(value.pk)
        case Code() | Mailbox():
            return {name: item for name, item in vars(value).items() if item != ""}
        case _:
            return as_json(value)


def changed(before: Values, after: Values) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """Return only what differs, as the log keeps it: how it was and how it is."""
    old, new = as_log(before), as_log(after)
    names = [name for name in new if old.get(name) != new[name]]
    return {name: old.get(name) for name in names}, {name: new[name] for name in names}
