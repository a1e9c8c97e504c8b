"""Addresses of the overview."""

from adgang.lib.urls import route
from adgang.overview import reports, views

urlpatterns = [
    route("o/<cvr:cvr>/", views.overview, name="overview"),
    route("o/<cvr:cvr>/problemer/", reports.problems, name="problems"),
    route("o/<cvr:cvr>/rapport.pdf", reports.readiness_report, name="readiness_report"),
    route("o/<cvr:cvr>/procesguide.pdf", reports.process_guide, name="process_guide"),
    route("o/<cvr:cvr>/procesguide.odt", reports.process_guide_file, name="process_guide_file"),
    route("o/<cvr:cvr>/frister/", views.deadlines, name="deadlines"),
    route("o/<cvr:cvr>/linjer/ny/", views.readiness_line_create, name="readiness_line_create"),
    route("o/<cvr:cvr>/linjer/<slug:line>/", views.readiness_line, name="readiness_line"),
    route("o/<cvr:cvr>/linjer/<slug:line>/send/", views.readiness_line_mail, name="readiness_line_mail"),
    route("o/<cvr:cvr>/linjer/<slug:line>/slet/", views.readiness_line_delete, name="readiness_line_delete"),
]
