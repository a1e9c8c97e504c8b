"""Groups and points put on the wire, in a fixed number of queries however many there are."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Model

from adgang.lib.api.enums import Audience, ContactPointCodeType
from adgang.lib.api.wire import written
from contacts import audiences, models, paths
from contacts.api.schemas import (
    ContactGroup,
    ContactPoint,
    ContactPointCode,
    RecommendedAttribute,
    ReportLink,
    SearchTerm,
    Translation,
)
from organisations.api.schemas import Organisation, organisation_wire, with_terms
from organisations.models import Organisation as OrganisationRow

Inside = Callable[[Any], bool]
ORDER = (Audience.CITIZEN, Audience.COMPANY, Audience.AUTHORITY)


def groups_wire(rows: Collection[models.ContactGroup], *, inside: Inside) -> list[ContactGroup]:
    """Return groups with the whole of their organisation and parents, and for whom their branches are."""
    ids = [row.pk for row in rows]
    parents = _chains(row.parent_id for row in rows)
    flags = audiences.of_branches(ids)
    owners = _organisations({row.organisation_id for row in rows}, {row.organisation_id for row in rows if inside(row)})
    made = []
    for row in rows:
        one = _group(row, parents.get(row.parent_id) if row.parent_id else None)
        one.organisation = owners[row.organisation_id]
        one.targets = _audiences(flags.get(row.pk, (False, False, False)))
        made.append(one)
    return made


def _organisations(ids: set[uuid.UUID], inside: set[uuid.UUID]) -> dict[uuid.UUID, Organisation]:
    rows = with_terms(OrganisationRow.objects.filter(pk__in=ids)) if ids else ()
    return {row.pk: organisation_wire(row, inside=row.pk in inside) for row in rows}


def _chains(group_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, ContactGroup]:
    """Return groups by id, each with all that stands above it, in one query."""
    rows = paths.above({group_id for group_id in group_ids if group_id is not None}, whole=True).groups
    made: dict[uuid.UUID, ContactGroup] = {}
    for row in rows.values():
        way = [row]
        while way[-1].parent_id in rows and way[-1].parent_id not in made:
            way.append(rows[way[-1].parent_id])
        for one in reversed(way):  # from the top down, so a parent is made before its children
            if one.pk not in made:
                made[one.pk] = _group(one, made.get(one.parent_id) if one.parent_id else None)
    return made


def _group(row: models.ContactGroup, parent: ContactGroup | None) -> ContactGroup:
    # Written once, for a group stands above many points.
    return ContactGroup.model_construct(
        id=row.pk,
        version=row.version,
        created_date=written(row.created),
        last_updated=written(row.updated),
        name=row.name,
        description=row.description or None,
        organisational_unit=row.organisational_unit,
        parent=parent,
        postkasse_ids=list(row.postkasse_ids or ()),
        registry_id=row.registry_id,
    )


def _audiences(flags: tuple[bool, bool, bool]) -> list[Audience]:
    return [audience for audience, flag in zip(ORDER, flags, strict=True) if flag]


# What belongs to points, read as plain values: models and their relations would cost more than everything else.
LISTS: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "places": (models.Placement, ("group_id",)),
    "codes": (models.ContactPointCode, ("pk", "type", "code", "code_version", "name", "type_name")),
    "search_terms": (models.SearchTerm, ("pk", "term")),
    "recommended_attributes": (models.RecommendedAttribute, ("pk", "name")),
    "translations": (models.Translation, ("pk", "postkasse_id", "postkasse_emne_id")),
}
Lists = dict[str, dict[uuid.UUID, list[tuple[Any, ...]]]]


def _lists(ids: Collection[uuid.UUID]) -> Lists:
    """Return what belongs to points, by list and point; one query a list."""
    found: Lists = {}
    for name, (model, fields) in LISTS.items():
        by_point = found[name] = defaultdict(list)
        rows = model._default_manager.filter(point__in=ids).order_by("position")
        for point_id, *values in rows.values_list("point_id", *fields):
            by_point[point_id].append(tuple(values))
    return found


def points_wire(rows: Collection[models.ContactPoint], *, inside: Inside) -> list[ContactPoint]:
    """Return points with their lists and groups; what is not for others only of those that are `inside`.

    Values come from the database and are not looked at again (`model_construct`): a search reads up to 1,000 points.
    """
    if not rows:
        return []
    lists = _lists([row.pk for row in rows])
    groups = _chains(group_id for places in lists["places"].values() for (group_id,) in places)
    return [_point(row, lists, groups, inside=inside(row)) for row in rows]


def _point(
    row: models.ContactPoint, lists: Lists, groups: dict[uuid.UUID, ContactGroup], *, inside: bool
) -> ContactPoint:
    size, pk = row.memo_size_threshold_mb, row.pk
    return ContactPoint.model_construct(
        id=pk,
        version=row.version,
        created_date=row.created,
        last_updated=row.updated,
        name=row.name,
        description=row.description or None,
        internal_description=(row.internal_description or None) if inside else None,
        targets=_audiences((row.for_citizens, row.for_companies, row.for_authorities)),
        memo_size_threshold_mb=None if size is None else float(size),
        allowed_number_of_attachments=row.allowed_number_of_attachments,
        active=row.active,
        visible=row.visible,
        report_link=_link(row),
        organisation_id=row.organisation_id,
        system_id=row.system_id if inside else None,
        contact_point_codes=[_code(one) for one in lists["codes"].get(pk, ())],
        contact_groups=[groups[group_id] for (group_id,) in lists["places"].get(pk, ()) if group_id in groups],
        recommended_attributes=[
            RecommendedAttribute.model_construct(id=id_, version=1, name=name)
            for id_, name in lists["recommended_attributes"].get(pk, ())
        ],
        search_terms=[
            SearchTerm.model_construct(id=id_, version=1, term=term) for id_, term in lists["search_terms"].get(pk, ())
        ],
        translations=[_translation(one) for one in lists["translations"].get(pk, ())] if inside else None,
        registry_id=row.registry_id,
    )


def _link(row: models.ContactPoint) -> ReportLink | None:
    url, text = row.report_link_url, row.report_link_text
    description, label = row.report_link_description, row.report_link_label
    if not (url or text or description or label):
        return None
    return ReportLink(
        external_link=url or None, external_link_text=text or None, description=description or None, label=label or None
    )


def _code(values: tuple[Any, ...]) -> ContactPointCode:
    id_, type_, code, code_version, name, type_name = values
    return ContactPointCode.model_construct(
        id=id_,
        version=1,
        code_version=code_version or None,
        name=name or None,
        type=ContactPointCodeType(type_),
        code=code,
        contact_point_code_type_name=type_name or None,
    )


def _translation(values: tuple[Any, ...]) -> Translation:
    id_, postkasse_id, postkasse_emne_id = values
    return Translation.model_construct(
        id=id_, version=1, postkasse_id=postkasse_id, postkasse_emne_id=postkasse_emne_id
    )
