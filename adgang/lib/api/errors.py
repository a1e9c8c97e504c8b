"""Errors of the API: always an ErrorMessage, whatever went wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from adgang.lib.findings import Finding


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """What is wrong with one property or parameter; `rejected` is the value that was sent, when it may be said."""

    resource: str
    field: str
    code: str
    message: str
    rejected: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands on the wire."""
        told = {"resource": self.resource, "field": self.field, "code": self.code, "message": self.message}
        return told if self.rejected is None else told | {"rejectedValue": self.rejected}


class ApiError(Exception):
    """An answer that is no success. `code` is stable, `message` for people."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        fields: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.fields, self.headers = list(fields), dict(headers or {})


def answer(
    status: int,
    code: str,
    message: str,
    *,
    fields: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return an ErrorMessage: {code, message, fieldErrors}."""
    body: dict[str, Any] = {"code": code, "message": message, "fieldErrors": [field.as_json() for field in fields]}
    return JsonResponse(
        body, status=status, headers=dict(headers or {}), json_dumps_params={"ensure_ascii": False, "default": str}
    )


def invalid(fields: Iterable[FieldError]) -> ApiError:
    """Return the 400 that names what is wrong with which fields."""
    listed = list(fields)
    text = " ".join(dict.fromkeys(field.message for field in listed))
    return ApiError(400, "validation.failed", text or _("The request cannot be understood."), fields=listed)


def wrong(resource: str, field: str, code: str, message: str) -> ApiError:
    """Return the 400 for one field."""
    return invalid([FieldError(resource=resource, field=field, code=code, message=message)])


def missing() -> ApiError:
    """Return the 404 that foreign and unknown objects share."""
    return ApiError(404, "object.unknown", _("There is no such object, or you may not see it."))


def stale(current: int | None) -> ApiError:
    """Return the 409 of somebody who changes a version that is no more; `current` is the one that stands."""
    text = _("Somebody changed the object since you read it, so nothing was changed. Read it again.")
    return ApiError(409, "version.stale", text, headers={"ETag": f'"{current}"'} if current else {})


def of_findings(
    findings: Iterable[Finding], *, status: int = 400, resource: str = "", field: str = "", code: str = ""
) -> ApiError:
    """Return the error that findings make: their own codes and texts, as on the page."""
    listed = list(findings)
    fields = [
        FieldError(resource=resource, field=field, code=found.code, message=f"{found.message} {found.remedy}".strip())
        for found in listed
    ]
    return ApiError(
        status, code or fields[0].code, " ".join(one.message for one in fields), fields=fields if field else []
    )


def refuse(error: ValidationError, *, resource: str, names: Mapping[str, str], sent: Mapping[str, Any]) -> NoReturn:
    """Raise the 400 for a model's ValidationError. `names`: our fields by their names on the wire."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    raise invalid(
        FieldError(
            resource=resource,
            field=names.get(name, "" if name == NON_FIELD_ERRORS else name),
            code=f"{names.get(name, name)}.{one.code or 'invalid'}".replace("__all__", resource),
            message=" ".join(one.messages),
            rejected=sent.get(names.get(name, name)),
        )
        for name, errors in by_field.items()
        for one in errors
    ) from error
