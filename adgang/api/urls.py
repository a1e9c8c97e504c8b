"""Addresses of the API. Whatever else stands below them is answered in the API's own form."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from adgang.api import assembly, errors, memos, views, whoami
from adgang.lib.urls import route

urlpatterns = [
    route("apis/adgang/v1/memos/check", memos.memos_check, name="memos_check"),
    route("apis/adgang/v1/whoami", whoami.whoami, name="whoami"),
    route("apis/openapi.json", views.openapi, name="openapi"),
    route("api/", views.api, name="api"),
    route("api/<slug:name>/", views.operation, name="operation"),
    path("apis/", include((assembly.patterns(), "api"))),
    re_path(r"^apis(?:/|$)", csrf_exempt(login_not_required(errors.unknown)), name="api_unknown"),
]
