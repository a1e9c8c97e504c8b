"""Addresses of the pages about the portal itself."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from adgang.lib.response_headers import REPORTS_TO
from adgang.lib.urls import route
from adgang.pages import csp_reports, views

urlpatterns = [
    route("tilgaengelighed/", views.accessibility, name="accessibility"),
    route(REPORTS_TO.removeprefix("/"), csp_reports.csp_report, name="csp_report"),
    # Django's own view: it takes POST only, and sends on to addresses of this host only.
    path("sprog/", login_not_required(set_language), name="set_language"),
]
