"""Addresses of requests for access: registering, asking, deciding, activating."""

from django.urls import URLPattern

from adgang.lib.urls import route
from organisations.views import registration
from organisations.views.requests import activating, deciding, journey, own, papers

OWN = "anmodninger/<uuid:request_id>/"
OPERATORS = "drift/anmodninger/<uuid:request_id>/"
ORGANISATIONS = "o/<cvr:cvr>/anmodninger/<uuid:request_id>/"

urlpatterns: list[URLPattern] = [
    route("opret-konto/", registration.register, name="register"),
    route("opret-konto/sendt/", registration.register_sent, name="register_sent"),
    route("opret-konto/<secret:token>/", registration.register_confirm, name="register_confirm"),
    route("aktiver/", activating.activate, name="activate"),
    # Whoever asks
    route("anmodninger/", own.access_requests, name="access_requests"),
    route("anmodninger/ny/", own.access_request_begin, name="access_request_begin"),
    route(OWN, own.access_request, name="access_request"),
    route(f"{OWN}kvittering/", own.access_request_receipt, name="access_request_receipt"),
    route(f"{OWN}traek-tilbage/", own.access_request_withdraw, name="access_request_withdraw"),
    route(f"{OWN}slet/", own.access_request_delete, name="access_request_delete"),
    route(f"{OWN}trin/<slug:step>/", journey.access_request_step, name="access_request_step"),
    route(f"{OWN}dokumenter/<uuid:document_id>/", papers.access_request_document, name="access_request_document"),
    route(
        f"{OWN}dokumenter/<uuid:document_id>/fjern/",
        papers.access_request_document_remove,
        name="access_request_document_remove",
    ),
    # Whoever decides: the operator
    route("drift/anmodninger/", deciding.operations_requests, name="operations_requests"),
    route(OPERATORS, deciding.operations_request, name="operations_request"),
    route(
        f"{OPERATORS}dokumenter/<uuid:document_id>/",
        papers.operations_request_document,
        name="operations_request_document",
    ),
    route(f"{OPERATORS}<slug:act>/", deciding.operations_request_decide, name="operations_request_decide"),
    # Whoever decides: the organisation
    route("o/<cvr:cvr>/anmodninger/", deciding.organisation_requests, name="organisation_requests"),
    route(ORGANISATIONS, deciding.organisation_request, name="organisation_request"),
    route(
        f"{ORGANISATIONS}dokumenter/<uuid:document_id>/",
        papers.organisation_request_document,
        name="organisation_request_document",
    ),
    route(f"{ORGANISATIONS}<slug:act>/", deciding.organisation_request_decide, name="organisation_request_decide"),
]
