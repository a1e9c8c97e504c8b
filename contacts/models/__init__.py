"""The contact structure: groups, points, where the points stand, and what belongs to a point."""

from contacts.models.belongings import (
    CodeType,
    ContactPointCode,
    RecommendedAttribute,
    SearchTerm,
    Translation,
)
from contacts.models.draft import Draft, DraftChange, DraftComment, DraftState, Publication
from contacts.models.group import ContactGroup
from contacts.models.listed_code import ListedCode
from contacts.models.placement import Placement
from contacts.models.point import ContactPoint
from contacts.models.search_word import SearchWord
from contacts.models.undo import Undo
from contacts.models.uploaded_file import UploadedFile

__all__ = [
    "CodeType",
    "ContactGroup",
    "ContactPoint",
    "ContactPointCode",
    "Draft",
    "DraftChange",
    "DraftComment",
    "DraftState",
    "ListedCode",
    "Placement",
    "Publication",
    "RecommendedAttribute",
    "SearchTerm",
    "SearchWord",
    "Translation",
    "Undo",
    "UploadedFile",
]
