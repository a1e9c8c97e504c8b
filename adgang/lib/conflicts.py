"""Two people saved the same thing: the page that shows both versions and loses neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from adgang.lib.forms import display

CONFLICT = 409


@dataclass(frozen=True)
class Row:
    """One field as both have it, in words."""

    label: str
    theirs: str
    yours: str

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.theirs != self.yours


class Versioned(Protocol):
    """What a form must offer: see `lib.forms.VersionedForm`."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def current_values(self, current: Any) -> dict[str, Any]: ...
    def add_prefix(self, field_name: str) -> str: ...
    def __getitem__(self, name: str) -> forms.BoundField: ...


def conflict_response(request: HttpRequest, form: Versioned, current: object | None) -> HttpResponse:
    """Return the 409 page for a valid `form` whose object now stands as `current` (None: it was deleted).

    From there the person starts anew from what is saved, or sends the same form again on top of it.
    """
    context = {
        "rows": list(rows(form, current)),
        "current": current,
        "resend": list(resend(request, form, current)),
        "must_type_again": bool(request.FILES) or any(map(is_secret, form.fields.values())),
    }
    return render(request, "409.html", context, status=CONFLICT)


def rows(form: Versioned, current: object | None) -> Iterator[Row]:
    """Yield what can be shown of each field: neither passwords nor files."""
    theirs = form.current_values(current) if current is not None else {}
    for name, field in form.fields.items():
        if field.widget.is_hidden or isinstance(field, forms.FileField) or is_secret(field):
            continue
        yield Row(
            label=str(form[name].label),
            theirs=display(field, theirs.get(name)),
            yours=display(field, form.cleaned_data.get(name)),
        )


def is_secret(field: forms.Field) -> bool:
    """Tell whether what is typed in the field must not be shown again."""
    return isinstance(field.widget, forms.PasswordInput)


def resend(request: HttpRequest, form: Versioned, current: object | None) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of everything that was sent, now on top of the version of `current`."""
    version = form.add_prefix("version")
    for name, values in request.POST.lists():
        if name not in ("csrfmiddlewaretoken", version):
            yield from ((name, str(value)) for value in values)
    if current is not None:
        yield version, str(getattr(current, "version", ""))
