"""The portal's addresses, and Django's admin with the same lists: the same rows, read alike, and the same columns."""

import os
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import include, path
from django.utils import timezone

from adgang.lib.lists import Column, ListSpec
from contacts.models import ContactPoint
from contacts.views.listing import Ways, points_spec
from organisations.models import Organisation
from systems.models import CheckRun, System
from systems.views.listing import spec

SYSTEMS_OF, POINTS_OF = (
    Organisation.objects.get(pk=os.environ[f"ADGANG_BENCH_{name}"]) for name in ("SYSTEMS_OF", "POINTS_OF")
)

OPEN_RUNS = Prefetch(
    "check_runs", queryset=CheckRun.objects.open().only("pk", "system_id", "status"), to_attr="open_runs"
)


class Site(admin.AdminSite):
    """Whoever is signed in may read."""

    def has_permission(self, request: HttpRequest) -> bool:
        return True


class Listed(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list as the admin's guide has it: columns, search, ordering, what the rows need in few queries."""

    list_per_page = 100
    list_display_links = None
    show_full_result_count = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def _never(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_add_permission = has_change_permission = has_delete_permission = has_module_permission = _never


def displayed(spec: ListSpec) -> list[Any]:
    """Return the columns of our page as the admin's."""
    return [shown(column) for column in spec.columns if column.where != "file"]


def shown(column: Column) -> Callable[[Any], Any]:
    """Return a column of ours as one of the admin's."""

    def cell(row: Any) -> Any:
        return column.html(row)

    cell.short_description = column.label  # type: ignore[attr-defined]
    cell.admin_order_field = column.sort[0] if column.sort and isinstance(column.sort[0], str) else None  # type: ignore[attr-defined]
    cell.__name__ = column.key
    return cell


class Systems(Listed):
    search_fields = ("name", "supplier", "endpoint", "receipt_endpoint", "technical_contact_name")
    list_filter = ("service_protocol",)
    ordering = ("name", "pk")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return displayed(spec(SYSTEMS_OF.cvr_number, timezone.now()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return System.objects.filter(organisation=SYSTEMS_OF).with_page_data().prefetch_related(OPEN_RUNS)


class Points(Listed):
    search_fields = ("name", "description")
    list_filter = ("active", "visible")
    ordering = ("name", "pk")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return displayed(points_spec(POINTS_OF, Ways(POINTS_OF)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        points = ContactPoint.objects.filter(organisation=POINTS_OF)
        return points.select_related("system").prefetch_related("placements")


site = Site()
site.register(System, Systems)
site.register(ContactPoint, Points)
urlpatterns = [path("admin/", site.urls), path("", include("adgang.urls"))]
