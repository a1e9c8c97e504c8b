"""The messages of a webhook as a list: columns, filters, and what became of each in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.dates import moment
from adgang.lib.lists import Column, Empty, Filter, ListSpec, Rows
from adgang.lib.templatetags.adgang import badge
from organisations.models import WebhookDelivery

FAULTS: dict[str, str | Promise] = {
    "dial.refused": gettext_lazy("The server refused the connection."),
    "dial.timeout": gettext_lazy("The server did not answer in time."),
    "dial.unreachable": gettext_lazy("There is no way to the server."),
    "dial.port": gettext_lazy("The port is not allowed: 443, 8443 and from 1024 up are."),
    "dial.blocked": gettext_lazy("The address is not one of the public Internet."),
    "http.tls": gettext_lazy("The server's certificate is not good for the address."),
    "http.timeout": gettext_lazy("The server did not answer in time."),
    "http.broken": gettext_lazy("The connection broke off."),
    "http.large": gettext_lazy("The answer was too large to be one."),
    "http.address": gettext_lazy("The address cannot be used."),
}


def fault_text(delivery: WebhookDelivery) -> str:
    """Return why a message did not arrive, in the reader's language; "" when it did, or was not tried yet."""
    if not delivery.fault:
        return ""
    if delivery.fault == "http.status":
        return _("The server answered with status %(status)s.") % {"status": delivery.status}
    return str(FAULTS.get(delivery.fault, _("The name of the server was not found.")))


def state_badge(delivery: WebhookDelivery) -> SafeString:
    """Return where a message stands."""
    if delivery.delivered:
        return badge(_("Delivered"), "success")
    if delivery.next_attempt is None:
        return badge(_("Given up"), "error")
    if not delivery.attempts:
        return badge(_("Waiting"), "info")
    shown = badge(_("Is tried again"), "warning")
    return format_html("{} {}", shown, moment(delivery.next_attempt))


STATES: dict[str, tuple[str | Promise, dict[str, Any]]] = {
    "delivered": (gettext_lazy("Delivered"), {"delivered__isnull": False}),
    "waiting": (gettext_lazy("Waiting or tried again"), {"delivered": None, "next_attempt__isnull": False}),
    "given_up": (gettext_lazy("Given up"), {"delivered": None, "next_attempt": None}),
}


def deliveries() -> ListSpec:
    """Return the list's specification; the rows are messages of one webhook."""
    return ListSpec(
        name="webhook_messages",
        caption=gettext_lazy("Messages"),
        columns=[
            Column("event", gettext_lazy("Event"), cell=str, sort=("tag",)),
            Column("time", gettext_lazy("Happened"), cell="event_time", sort=("event_time",)),
            Column("state", gettext_lazy("State"), cell=state_badge),
            Column("attempts", gettext_lazy("Attempts"), cell="attempts", sort=("attempts",), numeric=True),
            Column("fault", gettext_lazy("What went wrong"), cell=fault_text),
            Column("id", gettext_lazy("ID of the message"), cell=lambda one: str(one.pk), where="file"),
            Column("event_id", gettext_lazy("ID of the event"), cell=lambda one: str(one.event_id), where="file"),
        ],
        default_sort="-time",
        filters=[
            Filter(
                "tilstand",
                gettext_lazy("State"),
                choices=[(key, label) for key, (label, _condition) in STATES.items()],
                apply=_in_state,
            )
        ],
        empty=Empty(
            gettext_lazy("No messages yet"),
            gettext_lazy("A message is sent when something happens that the webhook is to be told of."),
        ),
    )


def _in_state(rows: Rows, state: str) -> Rows:
    return rows.filter(**STATES[state][1])
