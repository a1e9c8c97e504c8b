"""What goes wrong on the way to an operation, said in the API's own form."""

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from adgang.lib.api.errors import ApiError, FieldError, answer, invalid, missing
from organisations.open_checks import NoTurn

__all__ = ["ApiError", "answer", "handle", "unknown", "unlike_the_api"]

log = structlog.get_logger("adgang.api")
SHOWN = 200  # letters of a rejected value


def unknown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer for a path that the API does not have."""
    return answer(404, "path.unknown", _("There is nothing at this address of the API."))


def error_of(error: Exception) -> ApiError:
    """Return an exception as the API's own error."""
    match error:
        case ApiError():
            return error
        case Http404():
            return missing()
        case PermissionDenied():
            return ApiError(403, "access.denied", _("You may see this, but not do that with it."))
        case AuthenticationError():
            return unauthenticated()
        case ValidationError():
            return invalid(_field(one) for one in error.errors)
        case RequestDataTooBig():
            return ApiError(413, "body.too_large", _("The body is larger than this operation takes."))
        case NoTurn():
            return ApiError(error.status, "check.no_turn", error.text, headers={"Retry-After": "3600"})
        case (
            HttpError() | MultiPartParserError() | SuspiciousOperation() | UnreadablePostError() | UnicodeDecodeError()
        ):
            return ApiError(400, "body.malformed", _("The body cannot be read: send JSON, or the parts of a form."))
    log.error("operation failed", exc_info=error)
    return ApiError(500, "server.fault", _("The portal made an error. Tell whoever runs it when it was."))


def unauthenticated() -> ApiError:
    """Return the 401 for a call that shows nothing of who makes it."""
    text = _("Send an access token as “Authorization: Bearer …”, or a system's id and token as “Basic …”.")
    return ApiError(401, "authentication.missing", text, headers={"WWW-Authenticate": 'Bearer, Basic realm="Adgang"'})


def _field(error: dict[str, Any]) -> FieldError:
    place = [str(part) for part in error["loc"][2 if error["loc"][0] == "body" else 1 :]]
    return FieldError(
        resource=str(error["loc"][0]),
        field=".".join(place),
        code=f"value.{error['type']}",
        message=_message(error),
    )


def _message(error: dict[str, Any]) -> str:
    kind = str(error["type"])
    if kind == "value_error":
        return str(error.get("ctx", {}).get("error") or error["msg"])
    texts = {
        "missing": _("This is missing."),
        "string_type": _("Write a text."),
        "list_type": _("Write a list."),
        "model_type": _("Write an object."),
        "model_attributes_type": _("Write an object."),
        "uuid_type": _("Write an ID of 36 characters."),
        "string_too_long": _("The text is too long."),
    }
    return texts.get(kind) or _("This value cannot be used here.")


def handle(api: NinjaAPI) -> None:
    """Let every exception of an operation become an ErrorMessage."""

    def said(request: HttpRequest, error: Any) -> HttpResponse:
        wrong = error_of(error)
        return answer(wrong.status, wrong.code, wrong.message, fields=wrong.fields, headers=wrong.headers)

    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, said)


WORDS = {
    400: ("request.malformed", gettext_noop("The request cannot be understood.")),
    403: ("access.denied", gettext_noop("You may see this, but not do that with it.")),
    404: ("path.unknown", gettext_noop("There is nothing at this address of the API.")),
    405: ("method.not_allowed", gettext_noop("This method is not possible here.")),
    413: ("body.too_large", gettext_noop("The body is larger than this operation takes.")),
    500: ("server.fault", gettext_noop("The portal made an error. Tell whoever runs it when it was.")),
}


def unlike_the_api(response: HttpResponse) -> HttpResponse:
    """Return an error that Django made, as a page or text, in the API's own form; anything else as it is."""
    if response.status_code < 400 or response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    code, text = WORDS.get(response.status_code, WORDS[400])
    kept = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
    return answer(response.status_code, code, _(text), headers=kept)
