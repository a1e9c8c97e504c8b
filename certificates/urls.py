"""Addresses of certificates."""

from adgang.lib.urls import route
from certificates import moces_views, trust_views, views

urlpatterns = [
    route("tjek/certifikat/", views.check_certificate, name="check_certificate"),
    route("log-ind/moces/", moces_views.moces_start, name="moces_start"),
    route("log-ind/moces/vis/", moces_views.moces_show, name="moces_show"),
    route("log-ind/moces/retur/", moces_views.moces_return, name="moces_return"),
    route("o/<cvr:cvr>/mit-certifikat/", views.moces_upload, name="moces_upload"),
    route("o/<cvr:cvr>/mit-certifikat/<uuid:certificate_id>/fjern/", views.moces_remove, name="moces_remove"),
    route("drift/udstedere/", trust_views.trust_anchors, name="trust_anchors"),
    route("drift/udstedere/ny/", trust_views.trust_anchor_add, name="trust_anchor_add"),
    route("drift/udstedere/<uuid:anchor_id>/fjern/", trust_views.trust_anchor_remove, name="trust_anchor_remove"),
]
