"""The contact structure: groups, points, where the points stand, and what belongs to a point."""

from contacts.models.belongings import (
    CodeType,
    ContactPointCode,
    RecommendedAttribute,
    SearchTerm,
    Translation,
)
from contacts.models.draft import ImportDraft
from contacts.models.group import ContactGroup
from contacts.models.listed_code import ListedCode
from contacts.models.placement import Placement
from contacts.models.point import ContactPoint
from contacts.models.search_word import SearchWord
from contacts.models.undo import Undo

__all__ = [
    "CodeType",
    "ContactGroup",
    "ContactPoint",
    "ContactPointCode",
    "ImportDraft",
    "ListedCode",
    "Placement",
    "RecommendedAttribute",
    "SearchTerm",
    "SearchWord",
    "Translation",
    "Undo",
]
