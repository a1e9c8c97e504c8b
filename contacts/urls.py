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
    quality,
    systems,
    tree,
    undo,
)

STRUCTURE = "o/<cvr:cvr>/kontaktstruktur/"
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
]
