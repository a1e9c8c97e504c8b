"""Addresses of letter types, messages and receipts."""

from adgang.lib.urls import route
from memo import letter_files, letter_import_views, letter_views, views

TYPES = "o/<cvr:cvr>/memo/brevtyper/"
ONE = f"{TYPES}<uuid:letter_type_id>/"

urlpatterns = [
    route("tjek/memo/", views.check_memo, name="check_memo"),
    route("o/<cvr:cvr>/memo/", views.memo_check, name="memo_check"),
    route("o/<cvr:cvr>/memo/byg/", views.memo_compose, name="memo_compose"),
    route("o/<cvr:cvr>/memo/kvittering/", views.receipt_check, name="receipt_check"),
    route("o/<cvr:cvr>/memo/rapport/", letter_files.memo_report, name="memo_report"),
    route("o/<cvr:cvr>/memo/bevis/", letter_files.memo_evidence_keep, name="memo_evidence_keep"),
    route(TYPES, letter_views.letter_types, name="letter_types"),
    route(f"{TYPES}ny/", letter_views.letter_type_create, name="letter_type_create"),
    route(f"{TYPES}efterfoelger/", letter_views.letter_types_follow, name="letter_types_follow"),
    route(f"{TYPES}importer/", letter_import_views.letter_types_import, name="letter_types_import"),
    route(f"{TYPES}eksport.csv", letter_import_views.letter_types_export, name="letter_types_export"),
    route(f"{TYPES}skabelon.csv", letter_import_views.letter_types_template, name="letter_types_template"),
    route(ONE, letter_views.letter_type, name="letter_type"),
    route(f"{ONE}ret/", letter_views.letter_type_edit, name="letter_type_edit"),
    route(f"{ONE}kopier/", letter_views.letter_type_copy, name="letter_type_copy"),
    route(f"{ONE}slet/", letter_views.letter_type_delete, name="letter_type_delete"),
    route(f"{ONE}skelet/", letter_files.letter_type_skeleton, name="letter_type_skeleton"),
    route(f"{ONE}tabel/", letter_files.letter_type_sheet, name="letter_type_sheet"),
]
