"""The page inside the file, in words: what fields are called and what stands in them, as its person reads it."""

import re
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from adgang.about_person.gathering import Gathered, Row
from adgang.lib import dates
from adgang.lib.snapshots import JSON
from organisations.event_names import NAMES
from organisations.event_words import FINDING, field_name, field_of, value_text
from organisations.rights import PrivilegeType, roles

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*")
# What fields are called whose models do not say; "<model>.<field>" where one name means several things.
WORDS: dict[str, str | Promise] = {
    "id": _("id"),
    "object_id": _("id of what it is about"),
    "created": _("created"),
    "updated": _("changed"),
    "started": _("begun"),
    "ends": _("ends"),
    "ended": _("ended"),
    "session.expire_date": _("expires"),
    "used": _("used"),
    "last_used": _("last used"),
    "revoked": _("revoked"),
    "accepted": _("accepted"),
    "withdrawn": _("withdrawn"),
    "confirmed": _("confirmed"),
    "what": _("name"),
    "organisation": _("organisation"),
    "scope": _("organisation"),
    "delegate": _("given to the organisation"),
    "privilege.parent": _("passed on from"),
    "noticed": _("end announced"),
    # The account and its ways in
    "is_active": _("account is open"),
    "failed_sign_ins": _("failed attempts to log in"),
    "where_logged_in": _("where you are logged in"),
    "signed_in": _("logged in"),
    "address": _("address"),
    "browser": _("browser"),
    "cvr": _("CVR number"),
    "sign_count": _("times used, as it counts itself"),
    "transports": _("how it is connected"),
    "stopped": _("stopped"),
    "last_step": _("time step of the newest code"),
    "prefix": _("begins with"),
    "made_by": _("made by"),
    "purpose": _("purpose"),
    "old": _("earlier address"),
    "new": _("new address"),
    "asked": _("asked for"),
    # Mails and choices
    "mail.kind": _("kind"),
    "to": _("sent to"),
    "language": _("language"),
    "claimed": _("being sent since"),
    "sent": _("sent"),
    "attempts": _("attempts"),
    "next_attempt": _("next attempt"),
    "error": _("error"),
    "topic": _("subject of the mails"),
    "wanted": _("wanted"),
    "announcement": _("announcement"),
    "seen_version": _("version that was seen"),
    "seen_seq": _("newest entry that was told"),
    "next_due": _("next mail"),
    # Requests and drafts
    "requester": _("requester"),
    "requester_organisation": _("requester's organisation"),
    "code_sent": _("code sent"),
    "code_expires": _("code expires"),
    "code_tries": _("tries with the code"),
    "steps_done": _("steps that are filled in"),
    "begun_by": _("begun by"),
    "values": _("what is filled in"),
}


def page(gathered: Gathered) -> dict[str, Any]:
    """Return the page's context: pairs of a field's words and a value's, and rows with their times in words."""
    return {
        "account": _pairs("user", gathered.account),
        "sections": [
            (section.title, [_pairs(section.kind, row) for row in section.rows]) for section in gathered.sections
        ],
        "did": [_timed(row) for row in gathered.did],
        "events": [_timed(row) for row in gathered.events],
        "cut": gathered.cut,
    }


def name_of(kind: str, name: str) -> str | None:
    """Return what a field of a kind of rows is called, with a capital letter; None where nobody has said so."""
    field = field_of(kind, name)
    # Django makes a name out of the attribute's where a model gives none; that is no word.
    own = field.verbose_name if field is not None and getattr(field, "_verbose_name", None) is not None else None
    words = WORDS.get(f"{kind}.{name}") or own or WORDS.get(name) or NAMES.get(name)
    return capfirst(str(words)) if words else None


def _pairs(kind: str, row: Row) -> list[tuple[str, str]]:
    told = ((name_of(kind, name) or name, text_of(kind, name, value)) for name, value in row.items())
    return [(name, text) for name, text in told if text]


def text_of(kind: str, name: str, value: JSON) -> str:
    """Return a value as a person reads it: times, choices, yes and no in words; what holds others by their names."""
    match value:
        case list():
            return ", ".join(filter(None, (text_of(kind, name, one) for one in value)))
        case dict() if value.keys() != FINDING:
            held = (
                (name_of(kind, key) or field_name(kind, key), text_of(kind, key, one)) for key, one in value.items()
            )
            return "; ".join(f"{called}: {text}" for called, text in held if text)
        case str() if MOMENT.fullmatch(value):
            return dates.moment(parse_datetime(value)) or value
        case str() if value in PrivilegeType.values:
            return roles()[PrivilegeType(value)].label
        case str() if name == "language":
            return str(dict(settings.LANGUAGES).get(value, value))
        case _:
            return value_text(kind, name, value, known={})


def _timed(row: Row) -> Row:
    return {**row, "time": text_of("", "time", row["time"])}
