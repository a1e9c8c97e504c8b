"""Addresses of the contact structure."""

from adgang.lib.urls import route
from contacts.views import (
    bulk,
    codes,
    copies,
    dropping,
    files,
    groups,
    letter_ids,
    listing,
    merging,
    order,
    picture,
    places,
    points,
    preview,
    publications,
    quality,
    systems,
    tree,
    undo,
)
from contacts.views.drafts import changes as draft_difference
from contacts.views.drafts import comments as draft_comments
from contacts.views.drafts import conflicts as draft_conflicts
from contacts.views.drafts import groups as draft_groups
from contacts.views.drafts import listing as draft_listing
from contacts.views.drafts import points as draft_points
from contacts.views.drafts import publishing as draft_publishing
from contacts.views.drafts import structure as draft_structure

STRUCTURE = "o/<cvr:cvr>/kontaktstruktur/"
DRAFTS = f"{STRUCTURE}udkast/"
DRAFT = f"{DRAFTS}<uuid:draft_id>/"
DRAFT_GROUP = f"{DRAFT}gruppe/<uuid:group_id>/"
DRAFT_POINT = f"{DRAFT}punkt/<uuid:point_id>/"
PUBLICATIONS = f"{STRUCTURE}udgivelser/"
PUBLICATION = f"{PUBLICATIONS}<uuid:publication_id>/"
GROUP = f"{STRUCTURE}gruppe/<uuid:group_id>/"
POINT = f"{STRUCTURE}punkt/<uuid:point_id>/"

urlpatterns = [
    route(STRUCTURE, tree.structure, name="structure"),
    route(f"{STRUCTURE}gren/", tree.structure_branch, name="structure_branch"),
    route(f"{STRUCTURE}liste/", listing.structure_list, name="structure_list"),
    route(f"{STRUCTURE}grupper/", listing.structure_groups, name="structure_groups"),
    route(f"{STRUCTURE}soeg/", listing.structure_search, name="structure_search"),
    route(f"{STRUCTURE}kvalitet/", quality.structure_quality, name="structure_quality"),
    route(f"{STRUCTURE}forhaandsvisning/", preview.structure_preview, name="structure_preview"),
    route(
        f"{STRUCTURE}forhaandsvisning/sammenlign/", preview.structure_preview_compare, name="structure_preview_compare"
    ),
    route(
        f"{STRUCTURE}forhaandsvisning/<uuid:point_id>/",
        preview.structure_preview_point,
        name="structure_preview_point",
    ),
    route(f"{STRUCTURE}billede/", picture.structure_picture, name="structure_picture"),
    route(f"{STRUCTURE}koder/", codes.structure_codes, name="structure_codes"),
    route(f"{STRUCTURE}import/", files.structure_import, name="structure_import"),
    route(f"{STRUCTURE}import/skabelon.<file_format:file_format>", files.structure_template, name="structure_template"),
    route(f"{STRUCTURE}import/<uuid:file_id>/", files.structure_import_review, name="structure_import_review"),
    route(f"{STRUCTURE}eksport.<file_format:file_format>", files.structure_export, name="structure_export"),
    route(f"{STRUCTURE}id-liste/", letter_ids.structure_ids, name="structure_ids"),
    route(f"{STRUCTURE}system/<uuid:system_id>/", systems.points_change_system, name="points_change_system"),
    route(f"{STRUCTURE}ret-flere/", bulk.structure_bulk, name="structure_bulk"),
    route(f"{STRUCTURE}fortryd/<uuid:event_id>/", undo.structure_undo, name="structure_undo"),
    route(f"{STRUCTURE}traek/", dropping.structure_drop, name="structure_drop"),
    route(f"{STRUCTURE}gruppe/ny/", groups.group_create, name="group_create"),
    route(GROUP, groups.group, name="group"),
    route(f"{GROUP}ret/", groups.group_edit, name="group_edit"),
    route(f"{GROUP}flyt/", places.group_move, name="group_move"),
    route(f"{GROUP}raekkefoelge/", order.group_order, name="group_order"),
    route(f"{GROUP}gennemgaaet/", quality.group_reviewed, name="group_reviewed"),
    route(f"{GROUP}ansvarlig/", quality.group_responsible, name="group_responsible"),
    route(f"{GROUP}kopier/", copies.group_copy, name="group_copy"),
    route(f"{GROUP}slet/", groups.group_delete, name="group_delete"),
    route(f"{STRUCTURE}punkt/nyt/", points.point_create, name="point_create"),
    route(POINT, points.point, name="point"),
    route(f"{POINT}ret/", points.point_edit, name="point_edit"),
    route(f"{POINT}tilstand/", points.point_state, name="point_state"),
    route(f"{POINT}flyt/", places.point_move, name="point_move"),
    route(f"{POINT}placer/", places.point_place, name="point_place"),
    route(f"{POINT}tag-ud/", places.point_unplace, name="point_unplace"),
    route(f"{POINT}raekkefoelge/", order.point_order, name="point_order"),
    route(f"{POINT}gennemgaaet/", quality.point_reviewed, name="point_reviewed"),
    route(f"{POINT}flet/", merging.point_merge, name="point_merge"),
    route(f"{POINT}slet/", points.point_delete, name="point_delete"),
    route(DRAFTS, draft_listing.drafts, name="drafts"),
    route(f"{DRAFTS}nyt/", draft_listing.draft_create, name="draft_create"),
    route(DRAFT, draft_structure.draft, name="draft"),
    route(f"{DRAFT}ret/", draft_listing.draft_edit, name="draft_edit"),
    route(f"{DRAFT}gren/", draft_structure.draft_branch, name="draft_branch"),
    route(f"{DRAFT}traek/", draft_structure.draft_drop, name="draft_drop"),
    route(f"{DRAFT}gruppe/ny/", draft_groups.draft_group_create, name="draft_group_create"),
    route(DRAFT_GROUP, draft_groups.draft_group, name="draft_group"),
    route(f"{DRAFT_GROUP}ret/", draft_groups.draft_group_edit, name="draft_group_edit"),
    route(f"{DRAFT_GROUP}flyt/", draft_groups.draft_group_move, name="draft_group_move"),
    route(f"{DRAFT_GROUP}raekkefoelge/", draft_groups.draft_group_order, name="draft_group_order"),
    route(f"{DRAFT_GROUP}kopier/", draft_groups.draft_group_copy, name="draft_group_copy"),
    route(f"{DRAFT_GROUP}slet/", draft_groups.draft_group_delete, name="draft_group_delete"),
    route(f"{DRAFT}punkt/nyt/", draft_points.draft_point_create, name="draft_point_create"),
    route(DRAFT_POINT, draft_points.draft_point, name="draft_point"),
    route(f"{DRAFT_POINT}ret/", draft_points.draft_point_edit, name="draft_point_edit"),
    route(f"{DRAFT_POINT}flyt/", draft_points.draft_point_move, name="draft_point_move"),
    route(f"{DRAFT_POINT}placer/", draft_points.draft_point_place, name="draft_point_place"),
    route(f"{DRAFT_POINT}tag-ud/", draft_points.draft_point_unplace, name="draft_point_unplace"),
    route(f"{DRAFT_POINT}raekkefoelge/", draft_points.draft_point_order, name="draft_point_order"),
    route(f"{DRAFT_POINT}slet/", draft_points.draft_point_delete, name="draft_point_delete"),
    route(f"{DRAFT}forskel/", draft_difference.draft_changes, name="draft_changes"),
    route(f"{DRAFT}forskel/tag-ud/", draft_difference.draft_revert, name="draft_revert"),
    route(f"{DRAFT}afgoer/", draft_conflicts.draft_conflicts, name="draft_conflicts"),
    route(f"{DRAFT}afgoer/valg/", draft_conflicts.draft_decide, name="draft_decide"),
    route(f"{DRAFT}kommentarer/", draft_comments.draft_comments, name="draft_comments"),
    route(f"{DRAFT}udgiv/", draft_publishing.draft_publish, name="draft_publish"),
    route(f"{DRAFT}afbestil/", draft_publishing.draft_unplan, name="draft_unplan"),
    route(f"{DRAFT}kasser/", draft_publishing.draft_discard, name="draft_discard"),
    route(PUBLICATIONS, publications.publications, name="publications"),
    route(PUBLICATION, publications.publication, name="publication"),
    route(
        f"{PUBLICATION}eksport.<file_format:file_format>", publications.publication_export, name="publication_export"
    ),
    route(f"{PUBLICATION}gendan/", publications.publication_restore, name="publication_restore"),
]
