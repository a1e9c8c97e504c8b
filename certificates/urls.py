"""Addresses of certificates."""

from adgang.lib.urls import route
from certificates import views

urlpatterns = [
    route("tjek/certifikat/", views.check_certificate, name="check_certificate"),
    route("o/<cvr:cvr>/mit-certifikat/", views.moces_upload, name="moces_upload"),
    route("o/<cvr:cvr>/mit-certifikat/<uuid:certificate_id>/fjern/", views.moces_remove, name="moces_remove"),
]
