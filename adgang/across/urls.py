"""Addresses of the page across authorities."""

from django.urls import URLPattern

from adgang.across import views
from adgang.lib.urls import route

urlpatterns: list[URLPattern] = [
    route("paa-tvaers/", views.across, name="across"),
    route("drift/myndigheder/<cvr:cvr>/paamind/", views.operations_remind, name="operations_remind"),
    route("paa-tvaers/<cvr:cvr>/paamind/", views.across_remind, name="across_remind"),
]
