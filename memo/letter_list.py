"""The list of letter types: columns, filters and words."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from adgang.lib.lists import Column, Empty, Filter, ListSpec
from memo.marks import BROKEN, mark_badge, mark_of
from memo.models import LetterType, Mark
from organisations.models import Organisation
from systems.models import System


def letter_list(organisation: Organisation) -> ListSpec:
    """Return the list's specification; the rows are letter types `with_point`."""
    cvr = organisation.cvr_number
    return ListSpec(
        name="letter_types",
        caption=_("Letter types"),
        columns=[
            Column(
                "name",
                _("Name"),
                cell="name",
                sort=("name",),
                link=lambda one: reverse("letter_type", args=[cvr, one.pk]),
            ),
            Column("mark", _("Mark"), cell=mark_badge, sort=("mark",), export=lambda one: mark_of(one).label),
            Column("point", _("Replies to"), cell=point_name, sort=("reply_point_name",)),
            Column("system", _("Sender system"), cell="sender_system.name", sort=("sender_system__name",)),
            Column("responsible", _("Responsible"), cell="responsible_name", sort=("responsible_name",)),
            Column("mandatory", _("Mandatory"), cell="mandatory", where="file"),
            Column("legal", _("Legal notification"), cell="legal_notification", where="file"),
            Column("updated", _("Changed"), cell="updated", sort=(F("updated"),), where="file"),
        ],
        default_sort="name",
        search=("name", "responsible_name", "reply_point_name", "post_type"),
        search_label=_("Name, contact point or responsible person"),
        filters=[
            Filter("mark", _("Mark"), choices=Mark.choices, apply=lambda rows, value: rows.filter(mark=value)),
            Filter(
                "system",
                _("Sender system"),
                choices=[(str(pk), name) for pk, name in _systems(organisation)],
                apply=lambda rows, value: rows.filter(sender_system=value),
            ),
            Filter(
                "look",
                _("To look at"),
                choices=[("broken", _("Missing, closed or replaced"))],
                apply=lambda rows, _value: rows.filter(BROKEN),
            ),
        ],
        empty=Empty(
            _("No letter types yet"),
            _("A letter type names a kind of letter that you send, and the contact point that replies to it go to."),
        ),
    )


def _systems(organisation: Organisation) -> Any:
    used = System.objects.filter(organisation=organisation, is_sender=True)
    return used.values_list("pk", "name").order_by("name")


def point_name(letter_type: LetterType) -> str:
    """Return the name of the contact point as it is now, or as it was when it was chosen."""
    return str(vars(letter_type)["point_name"] or letter_type.reply_point_name)
