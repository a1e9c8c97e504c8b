"""How a system's state, direction, credential and last check are shown, on pages and in files alike."""

import datetime as dt

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import dates
from adgang.lib.findings import Finding
from adgang.lib.templatetags.adgang import badge
from systems.connected import How, connected
from systems.lifecycle import state, validity_at
from systems.models import RunStatus
from systems.rows import Shown
from systems.states import State

EXPIRES_SOON = dt.timedelta(days=30)

STATE_WORDS: dict[State, Promise] = {
    State.DRAFT: gettext_lazy("Not in service yet"),
    State.PLANNED: gettext_lazy("Planned"),
    State.ACTIVE: gettext_lazy("In service"),
    State.EXPIRING: gettext_lazy("In service"),
    State.DEACTIVATED: gettext_lazy("Out of service"),
}
STATE_COLOURS = {
    State.DRAFT: "",
    State.PLANNED: "info",
    State.ACTIVE: "success",
    State.EXPIRING: "warning",
    State.DEACTIVATED: "",
}
CHECK_COLOURS = {
    RunStatus.PASSED: "success",
    RunStatus.WARNING: "warning",
    RunStatus.FAILED: "error",
    RunStatus.ABORTED: "warning",
}
# Where what is found can be mended, as URL names; certificates' own findings are mended with another certificate.
CURES = {
    "system.endpoint_missing": "system_edit",
    "system.receipt_endpoint_missing": "system_edit",
    "system.ssh_username_missing": "system_edit",
    "system.ssh_key_missing": "system_ssh_key",
    "system.token_missing": "system_token",
    "system.certificate_missing": "system_certificate",
    "system.certificate_cvr_changed": "system_certificate",
    "system.next_certificate_unusable": "system_certificate",
    "system.addresses_overlap": "system_addresses",
    "system.address_special": "system_addresses",
    "system.delegated_cvr_check": "system_edit",
    "system.legacy_receipts": "system_edit",
    "system.no_technical_contact": "system_edit",
    "system.not_checked": "checks",
    "system.check_failed": "checks",
}


def cure(found: Finding) -> str:
    """Return the name of the page where a finding about a system is mended, or ""."""
    if found.code.startswith("system."):
        return CURES.get(found.code, "")
    return "system_certificate"


def types_text(system: Shown) -> str:
    """Return in which directions the system works, in words."""
    words = [
        *([_("Sender system")] if system.is_sender else []),
        *([_("Default recipient system")] if system.is_default_recipient else []),
        *([_("Recipient system")] if system.is_recipient and not system.is_default_recipient else []),
    ]
    return ", ".join(words)


def state_text(system: Shown, at: dt.datetime) -> str:
    """Return the state in words, with the date it turns on."""
    found = state(system, at)
    return f"{STATE_WORDS[found]} {_note(system, found)}".strip()


def state_word(system: Shown, at: dt.datetime) -> str:
    """Return the state in a word or two."""
    return str(STATE_WORDS[state(system, at)])


def state_note(system: Shown, at: dt.datetime) -> str:
    """Return when the state turns, "" where it does not."""
    return _note(system, state(system, at))


def _note(system: Shown, found: State) -> str:
    match found:
        case State.PLANNED:
            return _("from %(time)s") % {"time": dates.moment(system.active_from)}
        case State.EXPIRING:
            return _("until %(time)s") % {"time": dates.moment(system.active_to)}
        case _:
            return ""


def state_badge(system: Shown, at: dt.datetime) -> SafeString:
    """Return the state in a coloured box, and beneath it when it turns."""
    found = state(system, at)
    box = badge(STATE_WORDS[found], STATE_COLOURS[found])
    note = _note(system, found)
    return format_html('{} <span class="cell-note">{}</span>', box, note) if note else box


def credential_until(system: Shown, at: dt.datetime) -> dt.datetime | None:
    """Return when the certificate in force expires; None where there is none."""
    certificate = validity_at(system, at)
    return certificate.not_after if certificate else None


def credential_text(system: Shown, at: dt.datetime) -> str | SafeString:
    """Return the certificate's expiry, marked when it is near or past; of a key that there is one."""
    if system.needs.ssh:
        return _("SSH key") if system.ssh_key_id else ""
    until = credential_until(system, at)
    if until is None:
        return ""
    if until <= at:
        return badge(_("Expired %(date)s") % {"date": dates.day(until)}, "error")
    return badge(dates.day(until), "warning") if until - at <= EXPIRES_SOON else dates.day(until)


def check_badge(system: Shown) -> str | SafeString:
    """Return how the last check ended, in a coloured box."""
    health = system.known_health
    if health is None or not health.last_check_status:
        return ""
    status = RunStatus(health.last_check_status)
    return badge(status.label, CHECK_COLOURS.get(status, ""))


def check_text(system: Shown) -> str:
    """Return how the last check ended, in words."""
    health = system.known_health
    return str(RunStatus(health.last_check_status).label) if health and health.last_check_status else ""


def connected_text(system: Shown, at: dt.datetime) -> str:
    """Return whether the system is connected, in one word."""
    return _("Yes") if connected(system, at) else _("No")


def how_text(how: How, when: dt.datetime) -> str:
    """Return what shows that a system is connected, and since when that is known."""
    texts = {
        How.CHECK: _("The connection check passed on %(time)s."),
        How.CALL: _("The system called in on %(time)s."),
        How.PERSON: _("A person confirmed it on %(time)s."),
    }
    return texts[how] % {"time": dates.moment(when)}
