"""P16: 100 of 10,000 contact points by API, beside a ModelSerializer view of Django REST framework on the same rows."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from benchmarks.registry import Measurement, benchmark, median_pair
from benchmarks.structure import DEPTH, organisation_with

P16_BAR = 2.0
P16_QUERIES = 12
SIZE = 100


@benchmark("P16", "contact points by API, 100 of 10,000")
def points_by_api() -> Measurement:
    """Both are asked through the whole of Django: middleware, view, JSON; ours with its token and its rate limit."""
    import logging

    from django.db import connection
    from django.test import override_settings
    from django.test.utils import CaptureQueriesContext

    from organisations.rights import PrivilegeType
    from tests.api.calling import Caller, token_of

    logging.disable(logging.WARNING)
    org = organisation_with()
    caller = Caller.bearing(token_of(org, PrivilegeType.CONTACT_ADMINISTRATOR))
    ours, theirs = f"organisations/{org.pk}/contact-points/", f"/reference/{org.pk}/"
    with override_settings(ROOT_URLCONF="benchmarks.points_api", ADGANG_API_PER_MINUTE=10**6):
        with CaptureQueriesContext(connection) as captured:
            answer = caller.get(ours, size=SIZE, page=7).json()
        queries = len(captured.captured_queries)
        assert len(answer["contactPoints"]) == len(caller.get(theirs, page=8).json()["results"]) == SIZE
        mine, reference = median_pair(
            lambda: caller.get(ours, size=SIZE, page=7), lambda: caller.get(theirs, page=8), repeat=25
        )
    return Measurement(
        value=round(1 / mine, 1),
        unit="requests/s",
        reference=round(1 / reference, 1),
        bar=f"≥ {P16_BAR:.0f} × requests/s, ≤ {P16_QUERIES} queries",
        met=reference >= P16_BAR * mine and queries <= P16_QUERIES,
        notes=f"{queries} queries, the token, the rate limit and the count of all among them; "
        f"{mine * 1000:.1f} ms a page, {reference * 1000:.1f} ms by the ModelSerializer view",
    )


def reference_view() -> Any:
    """Return a view of Django REST framework as its guide has it: nested ModelSerializers over prefetched rows."""
    from rest_framework import serializers
    from rest_framework.generics import ListAPIView
    from rest_framework.pagination import PageNumberPagination

    from contacts import models

    def serializer(model: Any, *fields: str, **nested: Any) -> Any:
        meta = type("Meta", (), {"model": model, "fields": [*fields, *nested]})
        return type(f"{model.__name__}Serializer", (serializers.ModelSerializer,), {"Meta": meta, **nested})

    own = ("id", "version", "created", "updated", "name", "description")
    # The answer holds the whole of a group's parents, so the reference answers them, too.
    about = (*own, "organisational_unit", "postkasse_ids")
    group = serializer(models.ContactGroup, *about)
    for _level in range(DEPTH):
        group = serializer(models.ContactGroup, *about, parent=group())
    placement = serializer(models.Placement, group=group())
    code = serializer(models.ContactPointCode, "id", "type", "code", "code_version", "name", "type_name")
    lists = {
        "placements": placement(many=True),
        "codes": code(many=True),
        "search_terms": serializer(models.SearchTerm, "id", "term")(many=True),
        "recommended_attributes": serializer(models.RecommendedAttribute, "id", "name")(many=True),
        "translations": serializer(models.Translation, "id", "postkasse_id", "postkasse_emne_id")(many=True),
    }
    plain = [
        *own,
        *("internal_description", "for_citizens", "for_companies", "for_authorities", "active", "visible"),
        *("memo_size_threshold_mb", "allowed_number_of_attachments", "organisation", "system", "registry_id"),
        *("report_link_url", "report_link_text", "report_link_label", "report_link_description"),
    ]

    class Pages(PageNumberPagination):
        page_size = SIZE

    class Points(ListAPIView):
        authentication_classes: tuple[Any, ...] = ()
        permission_classes: tuple[Any, ...] = ()
        serializer_class = serializer(models.ContactPoint, *plain, **lists)
        pagination_class = Pages

        def get_queryset(self) -> Any:
            rows = models.ContactPoint.objects.filter(organisation=self.kwargs["org"]).order_by("name", "pk")
            return rows.prefetch_related(
                "placements__group" + "__parent" * DEPTH,
                "codes",
                "search_terms",
                "recommended_attributes",
                "translations",
            )

    return Points.as_view()


def reference(request: Any, **kwargs: Any) -> Any:
    """Answer by the reference; the view is made when it is first asked for, once Django is set up."""
    global _view
    _view = _view or reference_view()
    return _view(request, **kwargs)


_view: Any = None
urlpatterns = [path("reference/<uuid:org>/", login_not_required(reference)), path("", include("adgang.urls"))]
