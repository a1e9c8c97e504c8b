"""Errors of the API: always an ErrorMessage, whatever went wrong."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _


class ApiError(Exception):
    """An answer that is no success. `code` is stable, `message` for people."""

    def __init__(self, status: int, code: str, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}


def answer(status: int, code: str, message: str, *, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return an ErrorMessage: {code, message, fieldErrors}."""
    body: dict[str, Any] = {"code": code, "message": message, "fieldErrors": []}
    return JsonResponse(body, status=status, headers=headers or {}, json_dumps_params={"ensure_ascii": False})


def unknown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer for a path that the API does not have."""
    return answer(404, "path.unknown", _("There is nothing at this address of the API."))
