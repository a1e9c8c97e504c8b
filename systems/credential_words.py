"""What a credential is, in words, on pages and in files alike."""

import datetime as dt
import re

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib import dates
from adgang.lib.templatetags.adgang import badge
from certificates.kinds import Kind
from systems.credential_rows import SSH

SOON = dt.timedelta(days=30)
NOTICE = dt.timedelta(days=90)
COMMON_NAME = re.compile(r"(?:^|,|\+)CN=((?:\\.|[^,+\\])*)")


def common_name(subject: str) -> str:
    """Return the holder's name out of a subject as it is kept (RFC 4514); the whole subject when it has none."""
    found = COMMON_NAME.search(subject)
    return re.sub(r"\\(.)", r"\1", found.group(1)) if found else subject


def kind_text(what: str) -> str:
    """Return what kind of credential it is, with its old and its new name."""
    return _("SSH key") if what == SSH else str(Kind(what).label)


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def days_left(until: dt.datetime, at: dt.datetime) -> int:
    """Return how many whole days remain; negative when it is over."""
    return (until - at).days


def left_text(until: dt.datetime, at: dt.datetime) -> str:
    """Return how long a credential is still valid, or how long it has been expired."""
    days = days_left(until, at)
    if until < at:
        gone = (at - until).days
        return ngettext("expired %(days)s day ago", "expired %(days)s days ago", gone) % {"days": gone}
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def until_badge(until: dt.datetime | None, at: dt.datetime) -> SafeString | str:
    """Return the date of expiry, in a coloured box when it is near or past."""
    if until is None:
        return _("Does not expire")
    if until <= at:
        return badge(_("Expired %(date)s") % {"date": dates.day(until)}, "error")
    if until - at <= SOON:
        return badge(dates.day(until), "warning")
    return badge(dates.day(until), "info") if until - at <= NOTICE else dates.day(until)
