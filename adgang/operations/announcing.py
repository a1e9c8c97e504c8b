"""What every page says of maintenance: that it is on, or when it begins."""

import datetime as dt

from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _

from adgang.lib.dates import moment
from organisations import maintenance
from organisations.models import Maintenance


def of_maintenance(*, at: dt.datetime) -> str:
    """Return the line at the top of the page, or "". Asks nothing of the database."""
    on = maintenance.current(at=at)
    if on is not None:
        text = _("The portal can only be read now: changes are refused.")
        if on.mode == Maintenance.Mode.CLOSED:
            text = _("The portal is closed for everybody but operators.")
        return f"{text} {_expected_end(on.until)}" if on.until else text
    planned = maintenance.coming(at=at)
    return _planned(planned, at) if planned else ""


def _planned(planned: Maintenance, at: dt.datetime) -> str:
    text = _("From %(time)s (in %(left)s) the portal can only be read.")
    if planned.mode == Maintenance.Mode.CLOSED:
        text = _("From %(time)s (in %(left)s) the portal is closed.")
    said = text % {"time": moment(planned.starts), "left": timeuntil(planned.starts, at)}
    end = _expected_end(planned.until) if planned.until else ""
    return " ".join(part for part in (said, _("Save what you are writing before then."), end) if part)


def _expected_end(until: dt.datetime) -> str:
    return _("It is expected to end %(time)s.") % {"time": moment(until)}
