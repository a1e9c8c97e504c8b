"""The list across organisations: columns, filters and words."""

import datetime as dt

from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.across.figures import STEPS
from adgang.lib import dates
from adgang.lib.cvr import spaced
from adgang.lib.lists import Column, Empty, Filter, ListSpec, Rows
from adgang.lib.templatetags.adgang import badge
from organisations.callers import Caller
from organisations.models import Organisation
from organisations.rights import Right
from organisations.views.me import landing

SOON = dt.timedelta(days=30)


def across_list(caller: Caller, *, at: dt.datetime) -> ListSpec:
    """Return the list's specification; the rows come from `figures.with_figures`."""
    reachable = {one.pk for one in caller.organisations}

    def page_of(one: Organisation) -> str:
        return landing(caller, one) if one.pk in reachable else ""

    return ListSpec(
        name="across",
        caption=gettext_lazy("Across"),
        columns=[
            Column("name", gettext_lazy("Authority"), cell="name", sort=("name",), link=page_of),
            Column("cvr", gettext_lazy("CVR number"), cell=lambda one: spaced(one.cvr_number), export=_cvr),
            Column("done", gettext_lazy("Readiness"), cell=_readiness, sort=("done",), export=lambda one: one.done),
            Column("lacks", gettext_lazy("Lacks"), cell=_lacks),
            Column(
                "systems", gettext_lazy("Systems in service"), cell="in_service", sort=("in_service",), numeric=True
            ),
            Column(
                "failing",
                gettext_lazy("Failing checks"),
                cell=_failing,
                sort=("failing",),
                export=lambda one: one.failing,
            ),
            Column(
                "expiry",
                gettext_lazy("First certificate expires"),
                cell=lambda one: _expiry(one, at),
                sort=(F("next_expiry").asc(nulls_last=True),),
                export=lambda one: one.next_expiry,
            ),
            Column(
                "deadline",
                gettext_lazy("Next deadline"),
                cell=lambda one: dates.day(one.next_deadline),
                sort=(F("next_deadline").asc(nulls_last=True),),
                export=lambda one: one.next_deadline,
            ),
            Column("remind", gettext_lazy("Act"), cell=lambda one: _remind(caller, one), where="page"),
        ],
        default_sort="name",
        search=("name", "cvr_number"),
        search_label=gettext_lazy("Name or CVR number"),
        filters=[
            Filter(
                "shows",
                gettext_lazy("Show"),
                choices=_choices(),
                apply=lambda rows, value: _narrowed(rows, value, at),
            ),
            Filter("kind", gettext_lazy("Kind"), choices=Organisation.AuthorityType.choices, apply=_of_kind),
        ],
        empty=Empty(
            gettext_lazy("You act for nobody yet"),
            gettext_lazy("Here stand the authorities that have given you a role, and how each of them is doing."),
        ),
    )


def _cvr(one: Organisation) -> str:
    return one.cvr_number


def _choices() -> list[tuple[str, str]]:
    return [
        ("failing", _("Failing checks")),
        ("expiring", _("A certificate expires within 30 days")),
        ("unready", _("Lacks something")),
        ("ready", _("Lacks nothing")),
    ]


def _narrowed(rows: Rows, value: str, at: dt.datetime) -> Rows:
    match value:
        case "failing":
            return rows.filter(failing__gt=0)
        case "expiring":
            return rows.filter(next_expiry__lte=at + SOON)
        case "ready":
            return rows.filter(done=len(STEPS))
        case _:
            return rows.filter(done__lt=len(STEPS))


def _of_kind(rows: Rows, value: str) -> Rows:
    return rows.filter(authority_type=value)


def _readiness(one: Organisation) -> str:
    return _("%(done)s of %(all)s") % {"done": getattr(one, "done", 0), "all": len(STEPS)}


def _lacks(one: Organisation) -> str:
    names = {
        "accepted": _("terms"),
        "administrators": _("user administrator"),
        "in_service": _("system in service"),
        "points": _("visible contact point"),
    }
    return ", ".join(text for name, text in names.items() if not getattr(one, name, 0)) or _("Nothing")


def _failing(one: Organisation) -> SafeString | str:
    count = getattr(one, "failing", 0)
    return badge(str(count), "error") if count else "0"


def _expiry(one: Organisation, at: dt.datetime) -> SafeString | str:
    until: dt.datetime | None = getattr(one, "next_expiry", None)
    if until is None:
        return ""
    return badge(dates.day(until), "warning") if until <= at + SOON else dates.day(until)


def _remind(caller: Caller, one: Organisation) -> SafeString | str:
    if caller.may_operate(Right.OPERATIONS_CHANGE):
        url = reverse("operations_remind", args=[one.cvr_number])
    elif caller.may(Right.READINESS_CHANGE, one):
        url = reverse("across_remind", args=[one.cvr_number])
    else:
        return ""
    words = _("Remind %(name)s") % {"name": one.name}
    reminded: dt.datetime | None = getattr(one, "reminded", None)
    hint = ' <span class="form-hint d-block">{} {}</span>'
    told = format_html(hint, _("reminded"), dates.day(reminded)) if reminded else ""
    return format_html('<a class="function-link" href="{}" aria-label="{}">{}</a>{}', url, words, _("Remind"), told)
