"""Drafts of the contact structure on the wire: what they change, what is in their way."""

from enum import StrEnum
from typing import Any

from adgang.lib.api.findings import Finding
from adgang.lib.api.wire import Id, Int, Long, Moment, ResultPage, Text, Wire, choice
from contacts.api.schemas import ContactGroupCommand, ContactPointCommand
from contacts.models import DraftState


class ObjectKind(StrEnum):
    """What a change is about."""

    GROUP = "GROUP"
    POINT = "POINT"


class ChangeAct(StrEnum):
    """What a change does."""

    CREATE = "CREATE"
    CHANGE = "CHANGE"
    DELETE = "DELETE"


class Side(StrEnum):
    """Whose version of a conflict stays."""

    DRAFT = "DRAFT"
    STRUCTURE = "STRUCTURE"


class Draft(Wire):
    """A named set of changes of an organisation's structure that is published in one go."""

    id: Id = None
    version: Long = None
    created_date: Moment = None
    last_updated: Moment = None
    name: Text = None
    note: Text = None
    state: choice(DraftState) = None  # type: ignore[valid-type]
    begun_by_identity_id: Id = None
    publish_at: Moment = None
    closed_date: Moment = None
    publication_id: Id = None


class DraftCommand(Wire):
    """What a draft is called, and what it is for."""

    name: Text = None
    note: Text = None


class DraftSearchResult(ResultPage):
    """A page of drafts, the newest first."""

    drafts: list[Draft] | None = None


class FieldChange(Wire):
    """A field before and after, under the name and in the words of the CSV file of the structure."""

    field: Text = None
    before: Text = None
    after: Text = None


class DraftChange(Wire):
    """What publishing would do to one group or point. `path` is where it stands."""

    object_id: Id = None
    kind: choice(ObjectKind) = None  # type: ignore[valid-type]
    act: choice(ChangeAct) = None  # type: ignore[valid-type]
    name: Text = None
    path: Text = None
    fields: list[FieldChange] | None = None


class DraftChanges(ResultPage):
    """A page of what publishing would do. `digest` stands for all of it: give it back to publish just that."""

    digest: Text = None
    changes: list[DraftChange] | None = None


class DraftChangeCommand(Wire):
    """A change to make in a draft.

    `act` and `kind` say what is done to what; `objectId` names it unless it is new. `contactGroup` or `contactPoint` is
    how it is to be, as when it is changed outside a draft; groups may be ones that the draft makes.
    """

    act: choice(ChangeAct) = None  # type: ignore[valid-type]
    kind: choice(ObjectKind) = None  # type: ignore[valid-type]
    object_id: Id = None
    contact_group: ContactGroupCommand | None = None
    contact_point: ContactPointCommand | None = None


class DraftConflict(Wire):
    """A field that the draft and somebody outside it have changed differently; without `field` it is the whole object.

    `base` is how it was, `mine` how the draft has it, `theirs` how it stands now. `seen` stands for these: give it back
    to decide.
    """

    object_id: Id = None
    kind: choice(ObjectKind) = None  # type: ignore[valid-type]
    name: Text = None
    field: Text = None
    base: Any = None
    mine: Any = None
    theirs: Any = None
    seen: Text = None


class DraftObstacle(Wire):
    """What keeps the draft from being published though nobody else changed the same field."""

    object_id: Id = None
    finding: Finding | None = None


class DraftConflicts(Wire):
    """What must be decided or mended before the draft can be published; two empty lists say that it can."""

    conflicts: list[DraftConflict]
    obstacles: list[DraftObstacle]


class ConflictDecision(Wire):
    """For which side a conflict is decided; `seen` is the conflict's."""

    object_id: Id = None
    field: Text = None
    keep: choice(Side) = None  # type: ignore[valid-type]
    seen: Text = None


class PublishCommand(Wire):
    """What to publish: the `digest` of the changes that were read. Without one, whatever the draft does now."""

    digest: Text = None


class Publication(Wire):
    """What was published. Its id is that of the event, with which the page can undo it."""

    id: Id = None
    name: Text = None
    created_count: Int = None
    changed_count: Int = None
    deleted_count: Int = None
