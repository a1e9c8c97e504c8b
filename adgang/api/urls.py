"""Addresses of the API. Whatever else stands below them is answered in the API's own form."""

from django.contrib.auth.decorators import login_not_required
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from adgang.api import errors, memos
from adgang.lib.urls import route

urlpatterns = [
    route("apis/adgang/v1/memos/check", memos.memos_check, name="memos_check"),
    re_path(r"^apis/", csrf_exempt(login_not_required(errors.unknown)), name="api_unknown"),
]
