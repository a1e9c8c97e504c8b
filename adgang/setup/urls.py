"""Addresses of the set-up as a file."""

from adgang.lib.urls import route
from adgang.setup import views

urlpatterns = [
    route("o/<cvr:cvr>/myndighed/opsaetning/", views.setup, name="setup"),
    route("o/<cvr:cvr>/myndighed/opsaetning/hent/", views.setup_export, name="setup_export"),
    route("o/<cvr:cvr>/myndighed/opsaetning/<uuid:file_id>/", views.setup_plan, name="setup_plan"),
]
