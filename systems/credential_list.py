"""The list of an organisation's credentials: columns, filters and words."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import cast

from django.db.models import F, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib.lists import Column, Empty, Filter, ListSpec, Rows
from adgang.lib.templatetags.adgang import badge
from certificates.kinds import Kind
from systems.credential_rows import SSH, CredentialRows, Row
from systems.credential_words import NOTICE, capital, common_name, kind_text, left_text, until_badge
from systems.models import System


def credential_list(cvr: str, *, at: dt.datetime, systems: Sequence[tuple[str, str]]) -> ListSpec:
    """Return what the list shows as of a moment; `systems` are the (id, name) to choose from."""
    return ListSpec(
        name="credentials",
        caption=_("Certificates and keys"),
        columns=_columns(cvr, at),
        search=("label", "mark", "number"),
        search_label=_("Name, fingerprint or serial number"),
        filters=[
            Filter("kind", _("Kind"), choices=_kinds(), apply=lambda rows, kind: rows.filter(Q(what=kind))),
            Filter("use", _("In use"), choices=[("yes", _("Yes")), ("no", _("No"))], apply=_in_use),
            Filter("state", _("Validity"), choices=_states(), apply=partial(_in_state, at=at)),
            Filter("system", _("System"), choices=systems, apply=_of_system),
        ],
        default_sort="until",
        empty=Empty(
            _("No certificates and keys yet"),
            _("Here stands every certificate and SSH key that is uploaded for a system, with when it expires."),
        ),
    )


def _columns(cvr: str, at: dt.datetime) -> list[Column]:
    return [
        Column("name", _("Name"), title, sort=("label",), link=lambda row: page_url(cvr, row)),
        Column("kind", _("Kind"), lambda row: capital(kind_text(row.what)), sort=("what",)),
        Column(
            "until",
            _("Valid until"),
            lambda row: badge(_("Revoked"), "error") if row.revoked else until_badge(row.until, at),
            sort=(F("until").asc(nulls_last=True),),
            export=lambda row: row.until,
        ),
        Column("left", _("Time left"), lambda row: left_text(row.until, at) if row.until else ""),
        Column("systems", _("Used by"), partial(_systems, cvr), export=_system_names),
        Column("uploaded", _("Uploaded"), "received", sort=("received",)),
        Column("revoked", _("Revoked"), lambda row: _("Yes") if row.revoked else _("No"), where="file"),
        Column("cvr", _("CVR number"), "holder", where="file"),
        Column("subject", _("Issued to"), "label", where="file"),
        Column("number", _("Serial number or type"), "number", where="file"),
        Column("mark", _("Fingerprint"), "mark", where="file"),
    ]


def title(row: Row) -> str:
    """Return what a credential is called: its holder, or a key's comment and the beginning of its fingerprint."""
    if row.is_key:
        return f"{row.label or row.number} ({row.mark[7:17]}…)"
    return common_name(row.label)


def page_url(cvr: str, row: Row) -> str:
    """Return the URL of the credential's page."""
    return reverse("public_key" if row.is_key else "certificate", args=[cvr, row.uid])


def _systems(cvr: str, row: Row) -> SafeString | str:
    if not row.systems:
        return "" if row.what == Kind.MOCES else _("Not in use")
    links = ((reverse("system", args=[cvr, one.pk]), one.name) for one in row.systems)
    return format_html("<span>{}</span>", format_html_join(", ", '<a href="{}">{}</a>', links))


def _system_names(row: Row) -> str:
    return ", ".join(system.name for system in row.systems)


def _kinds() -> list[tuple[str, str]]:
    return [(kind, capital(kind_text(kind))) for kind in [*map(str, Kind), SSH]]


def _states() -> list[tuple[str, str]]:
    return [
        ("valid", _("Valid")),
        ("expiring", _("Expires within 90 days")),
        ("expired", _("Expired")),
        ("revoked", _("Revoked")),
    ]


def _in_state(rows: Rows, state: str, at: dt.datetime) -> Rows:
    conditions = {
        "valid": (Q(until=None) | Q(until__gt=at)) & Q(revoked=False),
        "expiring": Q(until__gt=at, until__lte=at + NOTICE),
        "expired": Q(until__lte=at),
        "revoked": Q(revoked=True),
    }
    return rows.filter(conditions[state])


def _in_use(rows: Rows, value: str) -> Rows:
    own = cast(CredentialRows, rows)
    return cast(Rows, own.used() if value == "yes" else own.unused())


def _of_system(rows: Rows, system_id: str) -> Rows:
    return cast(Rows, cast(CredentialRows, rows).used(by=System.objects.filter(pk=system_id)))
