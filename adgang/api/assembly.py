"""The API as one: the rooms' operations below their paths, with authentication, errors and idempotency for all."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern
from ninja import NinjaAPI

import adgang.overview.api
import contacts.api
import memo.api
import organisations.api
import systems.api
from adgang.api.authentication import AccessToken, SystemToken
from adgang.api.errors import handle
from adgang.api.idempotency import once
from adgang.lib.api.operations import base_of

VERSION = "1.68.0"

api = NinjaAPI(
    title="Adgang",
    version=VERSION,
    openapi_url=None,
    docs_url=None,
    auth=[AccessToken(), SystemToken()],
    urls_namespace="api",
)
handle(api)
ROOMS = (organisations.api, systems.api, contacts.api, memo.api)
for router in (*(router for room in ROOMS for router in room.routers), adgang.overview.api.router):
    router.add_decorator(once, mode="operation")
    api.add_router(base_of(router), router)


def patterns() -> list[URLPattern]:
    """Return the addresses of the operations; who may call is asked by the API itself, not by the sign-in of pages."""
    found = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in found:
        pattern.callback = login_not_required(pattern.callback)
    return found
