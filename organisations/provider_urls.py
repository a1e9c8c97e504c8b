"""Addresses of signing in at identity providers; there are none without the packages that the extras bring."""

from django.urls import URLPattern

from adgang.lib.urls import route
from organisations.oidc import offering as oidc_offering
from organisations.saml import offering as saml_offering

urlpatterns: list[URLPattern] = []

if oidc_offering.is_installed():
    from organisations.views import oidc

    urlpatterns += [
        route("log-ind/oidc/", oidc.oidc_start, name="oidc_start"),
        route("log-ind/oidc/retur/", oidc.oidc_return, name="oidc_return"),
        route("log-ud/oidc/", oidc.oidc_leave, name="oidc_leave"),
    ]

if saml_offering.is_installed():
    from organisations.views import saml

    urlpatterns += [
        route("log-ind/saml/", saml.saml_start, name="saml_start"),
        route("log-ind/saml/metadata/", saml.saml_metadata, name="saml_metadata"),
        route("log-ind/saml/svar/", saml.saml_acs, name="saml_acs"),
        route("log-ind/saml/retur/", saml.saml_return, name="saml_return"),
        route("log-ud/saml/", saml.saml_leave, name="saml_leave"),
        route("log-ud/saml/svar/", saml.saml_slo, name="saml_slo"),
    ]
