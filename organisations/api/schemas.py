"""An organisation on the wire."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from adgang.lib.api import enums
from adgang.lib.api.wire import Day, Flag, Id, Long, Moment, Person, ResultPage, Text, Wire, choice, choices
from organisations import models


class Organisation(Wire):
    """An authority or company. Its legal contact is told to its own people only."""

    id: Id = None
    version: Long = None
    transaction_id: Text = None
    created_date: Moment = None
    last_updated: Moment = None
    authority_id: Text = None
    name: Text = None
    industry_code: Text = None
    cvr_number: Text = None
    type: choice(enums.OrganisationType) = None  # type: ignore[valid-type]
    authority_type: choice(enums.AuthorityType) = None  # type: ignore[valid-type]
    authority_terms: Flag = None
    legal_notification_allowed: Flag = None
    mandatory_post_allowed: Flag = None
    legal_contact: Person | None = None
    logo_available: Flag = None
    logo_media_type: choice(enums.LogoMediaType) = None  # type: ignore[valid-type]
    targets: choices(enums.Audience) = None  # type: ignore[valid-type]
    status_type: choice(enums.OrganisationStatus) = None  # type: ignore[valid-type]
    status_date: Day = None
    registration_type_code: Text = None
    rights_introduction_completed: Flag = None


class OrganisationCommand(Wire):
    """What may be changed. Terms, permissions, logo and introduction are read and ignored."""

    authority_id: Text = None
    name: Text = None
    industry_code: Text = None
    type: choice(enums.OrganisationType) = None  # type: ignore[valid-type]
    authority_type: choice(enums.AuthorityType) = None  # type: ignore[valid-type]
    authority_terms: Flag = None
    legal_notification_allowed: Flag = None
    mandatory_post_allowed: Flag = None
    legal_contact: Person | None = None
    logo_available: Flag = None
    logo_media_type: choice(enums.LogoMediaType) = None  # type: ignore[valid-type]
    rights_introduction_completed: Flag = None


class OrganisationSearchResult(ResultPage):
    """A page of organisations."""

    organisations: list[Organisation] | None = None


class Logo(Wire):
    """The logo; it stands at the version of its organisation."""

    id: Id = None
    version: Long = None
    file_size: Long = None


def with_terms(rows: QuerySet[models.Organisation]) -> QuerySet[models.Organisation]:
    """Return organisations that know whether they have accepted terms."""
    accepted = models.TermsAcceptance.objects.filter(organisation=OuterRef("pk"))
    return rows.annotate(has_accepted=Exists(accepted))


def organisation_wire(row: models.Organisation, *, inside: bool) -> Organisation:
    """Return an organisation as it travels; the legal contact only from `inside`."""
    return Organisation(
        id=row.pk,
        version=row.version,
        created_date=row.created,
        last_updated=row.updated,
        name=row.name,
        industry_code=row.industry_code or None,
        cvr_number=row.cvr_number,
        type=row.type,
        authority_type=row.authority_type or None,
        authority_terms=_has_accepted(row),
        legal_notification_allowed=row.legal_notification_allowed,
        mandatory_post_allowed=row.mandatory_post_allowed,
        legal_contact=_contact(row) if inside else None,
        logo_available=row.logo_id is not None,
        logo_media_type=enums.LogoMediaType.IMAGE_PNG if row.logo_id else None,
        status_type=row.status_type,
        status_date=row.status_date,
        rights_introduction_completed=row.rights_introduction_completed,
    )


def organisations_wire(rows: Iterable[models.Organisation], *, inside: Iterable[object]) -> list[Organisation]:
    """Return organisations as they travel; those whose ids are `inside` with everything."""
    own = set(inside)
    return [organisation_wire(row, inside=row.pk in own) for row in rows]


def _has_accepted(row: models.Organisation) -> bool:
    known = getattr(row, "has_accepted", None)
    return row.terms_acceptances.exists() if known is None else bool(known)


def _contact(row: models.Organisation) -> Person | None:
    name, email, phone = row.legal_contact_name, row.legal_contact_email, row.legal_contact_phone
    if not (name or email or phone):
        return None
    return Person(name=name or None, email=email or None, phone_number=phone or None)
