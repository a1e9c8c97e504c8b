"""When certificates in use expire, over twelve months: a picture made on the server, and the same as a table."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from systems.credential_rows import CredentialRows
from systems.credential_words import common_name

MONTHS = 12
INK, SOFT, LINE = "#1a1a1a", "#595959", "#7a8388"
PAST, NEAR, LATER = "#b30000", "#8a5a00", "#0b4a58"
NEAR_MONTHS = 3


@dataclass(frozen=True)
class Expiry:
    """One certificate on the timeline."""

    name: str
    until: dt.datetime
    url: str


@dataclass
class Slot:
    """A month of the timeline, or all that is past (`first` is None)."""

    first: dt.date | None
    colour: str
    expiries: list[Expiry] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The month and its year, or that it is past."""
        return date_format(self.first, "F Y") if self.first else _("Expired")

    @property
    def short(self) -> str:
        """The month in three letters."""
        return date_format(self.first, "M").rstrip(".")[:3] if self.first else _("past")

    @property
    def count(self) -> int:
        """How many certificates expire."""
        return len(self.expiries)


def timeline(cvr: str, rows: CredentialRows, *, at: dt.datetime) -> list[Slot]:
    """Return thirteen slots: what has expired and is still in use, then this month and the eleven after it."""
    first = timezone.localtime(at).date().replace(day=1)
    months = [_month(first, ahead) for ahead in range(MONTHS)]
    slots = [
        Slot(None, PAST),
        *(Slot(month, NEAR if ahead < NEAR_MONTHS else LATER) for ahead, month in enumerate(months)),
    ]
    places = dict(zip(months, slots[1:], strict=True))
    end = timezone.make_aware(dt.datetime.combine(_month(first, MONTHS), dt.time()))
    found = rows.certificates.filter(until__lt=end).order_by("until", "uid").values_list("uid", "label", "until")
    for uid, label, until in found:
        month = timezone.localtime(until).date().replace(day=1)
        (slots[0] if until <= at else places[month]).expiries.append(_expiry(cvr, uid, label, until))
    return slots


def _expiry(cvr: str, uid: uuid.UUID, label: str, until: dt.datetime) -> Expiry:
    return Expiry(common_name(label), until, reverse("certificate", args=[cvr, uid]))


def _month(first: dt.date, ahead: int) -> dt.date:
    years, month = divmod(first.month - 1 + ahead, 12)
    return dt.date(first.year + years, month + 1, 1)


def in_words(slots: Sequence[Slot]) -> str:
    """Return the picture in a sentence."""
    told = [f"{slot.label}: {slot.count}" for slot in slots if slot.count]
    return ", ".join(told) if told else _("No certificate in use expires within twelve months.")


def wide(slots: Sequence[Slot]) -> SafeString:
    """Return the drawing for wide screens and paper: a column for each month."""
    step, base, most = 60, 150, max([slot.count for slot in slots] + [3])
    columns = [_column(slot, x=place * step, base=base, unit=110 / most, step=step) for place, slot in enumerate(slots)]
    axis = format_html('<path d="M0 {0}H{1}" stroke="{2}" stroke-width="1.5"/>', base, step * len(slots), LINE)
    return _svg("wide", slots, width=step * len(slots), height=200, drawn=[*columns, axis])


def _column(slot: Slot, *, x: int, base: int, unit: float, step: int) -> SafeString:
    height, middle = round(slot.count * unit), x + step // 2
    year = slot.first.year if slot.first and slot.first.month in (1,) else ""
    return format_html(
        "{}{}{}{}",
        _bar(slot, x=x + 10, y=base - height, width=step - 20, height=height),
        _text(middle, base - height - 8, str(slot.count), weight=700) if slot.count else "",
        _text(middle, base + 20, slot.short, fill=SOFT if slot.first else PAST, weight=400 if slot.first else 700),
        _text(middle, base + 39, str(year), fill=SOFT) if year else "",
    )


def tall(slots: Sequence[Slot]) -> SafeString:
    """Return the drawing for narrow screens: a line for each month."""
    step, left, most = 28, 118, max([slot.count for slot in slots] + [3])
    lines = []
    for place, slot in enumerate(slots):
        y, width = place * step, round(slot.count * 160 / most)
        fill, weight = (SOFT, 400) if slot.first else (PAST, 700)
        lines += [
            _text(0, y + 19, slot.label, anchor="start", fill=fill, weight=weight),
            _bar(slot, x=left, y=y + 4, width=width, height=step - 8),
            _text(left + width + 8, y + 19, str(slot.count), anchor="start", weight=700)
            if slot.count
            else SafeString(""),
        ]
    axis = format_html('<path d="M{0} 0V{1}" stroke="{2}" stroke-width="1.5"/>', left, step * len(slots), LINE)
    return _svg("tall", slots, width=320, height=step * len(slots), drawn=[*lines, axis])


def _svg(name: str, slots: Sequence[Slot], *, width: int, height: int, drawn: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="timeline timeline--{0}" viewBox="0 0 {1} {2}" role="img" aria-labelledby="timeline-{0}-title"'
        ' aria-describedby="timeline-{0}-desc"><title id="timeline-{0}-title">{3}</title>'
        '<desc id="timeline-{0}-desc">{4}</desc>{5}</svg>',
        name,
        width,
        height,
        _("Certificates in use, by the month in which they expire"),
        in_words(slots),
        format_html_join("", "{}", ((piece,) for piece in drawn)),
    )


def _bar(slot: Slot, *, x: int, y: int, width: int, height: int) -> SafeString:
    if not slot.count:
        return SafeString("")
    hint = ngettext("%(count)s certificate", "%(count)s certificates", slot.count) % {"count": slot.count}
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}"><title>{}: {}</title></rect>',
        x, y, width, height, slot.colour, slot.label, hint,
    )  # fmt: skip


def _text(x: int, y: int, text: str, *, anchor: str = "middle", fill: str = INK, weight: int = 400) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="15" text-anchor="{}" fill="{}" font-weight="{}">{}</text>',
        x, y, anchor, fill, weight, text,
    )  # fmt: skip
