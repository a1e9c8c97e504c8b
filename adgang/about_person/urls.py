"""Addresses of the file about oneself."""

from adgang.about_person import views
from adgang.lib.urls import route

urlpatterns = [
    route("mig/data/", views.person_data, name="person_data"),
    route("mig/data/<uuid:job_id>/", views.person_data_take, name="person_data_take"),
]
