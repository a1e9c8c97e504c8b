"""Groups and points on the wire."""

from adgang.lib.api import enums
from adgang.lib.api.wire import (
    Flag,
    Float,
    Id,
    Int,
    Long,
    Moment,
    RequiredLong,
    ResultPage,
    Text,
    Wire,
    choice,
    choices,
)
from organisations.api.schemas import Organisation


class ReportLink(Wire):
    """A link that writers are led to instead, such as a form."""

    id: Id = None
    version: Long = None
    external_link: Text = None
    external_link_text: Text = None
    description: Text = None
    label: Text = None


class ContactPointCode(Wire):
    """A code of a classification; one's own (CUSTOM) has a label."""

    id: Id = None
    version: Long = None
    code_version: Text = None
    name: Text = None
    type: choice(enums.ContactPointCodeType) = None  # type: ignore[valid-type]
    code: Text = None
    contact_point_code_type_name: Text = None


class RecommendedAttribute(Wire):
    """What writers are asked for."""

    id: Id = None
    version: Long = None
    name: Text = None


class SearchTerm(Wire):
    """A word under which writers find the point."""

    id: Id = None
    version: Long = None
    term: Text = None


class Translation(Wire):
    """A former mailbox and topic, for messages that still carry them."""

    id: Id = None
    version: Long = None
    postkasse_id: Long = None
    postkasse_emne_id: Long = None


class ContactGroup(Wire):
    """A group. Inside a point or another group it comes without organisation and targets."""

    id: Id = None
    version: Long = None
    transaction_id: Text = None
    created_date: Moment = None
    last_updated: Moment = None
    name: Text = None
    description: Text = None
    organisational_unit: Flag = None
    organisation: Organisation | None = None
    parent: "ContactGroup | None" = None
    targets: choices(enums.Audience) = None  # type: ignore[valid-type]
    postkasse_ids: list[RequiredLong] | None = None
    registry_id: Id = None


class ContactGroupParentCommand(Wire):
    """The group above, by its id."""

    id: Id = None


class ContactGroupCommand(Wire):
    """What of a group is replaced. Without `registryId` the one that is known stays."""

    name: Text = None
    description: Text = None
    organisational_unit: Flag = None
    postkasse_ids: list[RequiredLong] | None = None
    parent: ContactGroupParentCommand | None = None
    registry_id: Id = None


class ContactGroupSearchResult(ResultPage):
    """A page of groups."""

    contact_groups: list[ContactGroup] | None = None


class ContactPoint(Wire):
    """A contact point. Its system, internal note and former mailboxes are told to its own people only."""

    id: Id = None
    version: Long = None
    transaction_id: Text = None
    created_date: Moment = None
    last_updated: Moment = None
    name: Text = None
    description: Text = None
    internal_description: Text = None
    targets: choices(enums.Audience) = None  # type: ignore[valid-type]
    memo_size_threshold_mb: Float = None
    allowed_number_of_attachments: Int = None
    active: Flag = None
    visible: Flag = None
    report_link: ReportLink | None = None
    organisation_id: Id = None
    system_id: Id = None
    contact_point_codes: list[ContactPointCode] | None = None
    contact_groups: list[ContactGroup] | None = None
    recommended_attributes: list[RecommendedAttribute] | None = None
    search_terms: list[SearchTerm] | None = None
    translations: list[Translation] | None = None
    legacy_recipient_system: Text = None
    registry_id: Id = None


class ContactPointContactGroupCommand(Wire):
    """A group that a point stands in, by its id."""

    id: Id = None


class ContactPointCommand(Wire):
    """What of a point is replaced, its groups included. 0 MB means no limit, 0 attachments means none."""

    name: Text = None
    description: Text = None
    internal_description: Text = None
    targets: choices(enums.Audience) = None  # type: ignore[valid-type]
    memo_size_threshold_mb: Float = None
    allowed_number_of_attachments: Int = None
    active: Flag = None
    visible: Flag = None
    report_link: ReportLink | None = None
    system_id: Id = None
    contact_point_codes: list[ContactPointCode] | None = None
    contact_groups: list[ContactPointContactGroupCommand] | None = None
    recommended_attributes: list[RecommendedAttribute] | None = None
    search_terms: list[SearchTerm] | None = None
    translations: list[Translation] | None = None
    registry_id: Id = None


class ContactPointSearchResult(ResultPage):
    """A page of points."""

    contact_points: list[ContactPoint] | None = None


class PostkasseIdsSearchResult(Wire):
    """The former mailboxes of an organisation."""

    postkasse_ids: list[RequiredLong] | None = None


class PostkasseEmneIdsSearchResult(Wire):
    """The topics of a former mailbox; the name of the property is misspelt on the wire."""

    postkasse_emne_ids: list[RequiredLong] | None = None
