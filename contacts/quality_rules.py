"""The rules of the quality report, in the order of their weight: what is wrong, what to do, and where it is done.

Rooms above add rules of their own through the slot `quality_rules`.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from adgang.lib.problems import Weight
from contacts import quality_conditions as conditions
from contacts.dependants import Referrer
from organisations.models import Organisation

Text = str | Promise


class Act(Enum):
    """The cure that is one click away, by the page that does it."""

    EDIT = "edit"
    STATE = "state"
    REVIEW = "review"
    SHOW = "show"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule. `condition` is true of the points (or, with `groups`, of the groups) that break it, as of a moment.

    `told` is what the overview says of a number of them; without it, the title and the number. `mark` is what the tree
    says beside such a point; "" for what it does not say, or sees by itself. `referrers` are what names them in rooms
    above; with `of_referrers` these are what is counted, for the points are gone. A rule that is `told_elsewhere` is
    not told of on the overview once more.
    """

    code: str
    weight: Weight
    title: Text
    cure: Text
    condition: Callable[[Organisation, dt.datetime], Q]
    told: Callable[[int], Text] | None = None
    act: Act = Act.SHOW
    groups: bool = False
    mark: Text = ""
    referrers: Callable[[Organisation], Sequence[Referrer]] | None = None
    of_referrers: bool = False
    told_elsewhere: bool = False

    def tell(self, count: int) -> Text:
        """Return what the overview says of so many."""
        return self.told(count) if self.told else f"{self.title}: {count}"


def of_contacts() -> Sequence[Rule]:
    """Return the room's own rules; fills the slot `quality_rules`."""
    return RULES


RULES: tuple[Rule, ...] = (
    Rule(
        code="system",
        act=Act.EDIT,
        weight=Weight.ERROR,
        title=_("The recipient system is not in service"),
        cure=_("Messages cannot be delivered. Take the system into service, or choose another."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point belongs to a system that is not in service.",
                "%(count)s contact points belong to systems that are not in service.",
                count,
            )
            % {"count": count}
        ),
        condition=conditions.idle,
    ),
    Rule(
        code="visible-but-closed",
        act=Act.STATE,
        weight=Weight.ERROR,
        title=_("Visible but closed"),
        cure=_("Writers find it but cannot write to it. Open it, or hide it."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point is visible but closed.",
                "%(count)s contact points are visible but closed.",
                count,
            )
            % {"count": count}
        ),
        condition=conditions.visible_but_closed,
    ),
    Rule(
        code="no-audience",
        act=Act.EDIT,
        weight=Weight.WARNING,
        title=_("Open, but for nobody"),
        cure=_("Choose at least one target audience, or nobody finds it."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point is open, but for nobody.",
                "%(count)s contact points are open, but for nobody.",
                count,
            )
            % {"count": count}
        ),
        condition=conditions.for_nobody,
    ),
    Rule(
        code="description",
        mark=_("no description"),
        act=Act.EDIT,
        weight=Weight.WARNING,
        title=_("The description is missing or says nothing"),
        cure=_("Write in one or two sentences what people can write about here."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point has no description that says anything.",
                "%(count)s contact points have no description that says anything.",
                count,
            )
            % {"count": count}
        ),
        condition=conditions.says_nothing,
    ),
    Rule(
        code="same-name",
        act=Act.EDIT,
        weight=Weight.WARNING,
        title=_("Same name twice in a group"),
        cure=_("Writers cannot tell them apart. Give them different names, or delete one of them."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point shares its name with another in the same group.",
                "%(count)s contact points share their names with others in the same group.",
                count,
            )
            % {"count": count}
        ),
        condition=conditions.same_name,
    ),
    Rule(
        code="same-group-name",
        act=Act.EDIT,
        weight=Weight.WARNING,
        title=_("Groups of the same name beside each other"),
        cure=_("Give them different names, or move what stands in one into the other."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s group shares its name with another beside it.",
                "%(count)s groups share their names with others beside them.",
                count,
            )
            % {"count": count}
        ),
        condition=conditions.same_group_name,
        groups=True,
    ),
    Rule(
        code="no-search-terms",
        act=Act.EDIT,
        weight=Weight.NOTICE,
        title=_("No search terms"),
        cure=_("Add the words that people would look for, their everyday words as well as yours."),
        told=lambda count: (
            ngettext_lazy(
                "%(count)s contact point has no search terms.", "%(count)s contact points have no search terms.", count
            )
            % {"count": count}
        ),
        condition=conditions.no_terms,
    ),
    Rule(
        code="dead-link",
        mark=_("link incomplete"),
        act=Act.EDIT,
        weight=Weight.WARNING,
        title=_("The link to self-service is incomplete or not secure"),
        cure=_("Write the whole address, beginning with https://, or remove the texts around the link."),
        condition=conditions.dead_link,
    ),
    Rule(
        code="asks-too-much",
        mark=_("asks too much"),
        act=Act.EDIT,
        weight=Weight.WARNING,
        title=_("Writers are asked for more than a message carries"),
        cure=_("A message carries two pieces of information. Keep the two that you need most."),
        condition=conditions.asks_too_much,
    ),
    Rule(
        code="obsolete-code",
        mark=_("obsolete code"),
        act=Act.EDIT,
        weight=Weight.WARNING,
        title=_("A KLE or FORM code is obsolete"),
        cure=_("Replace it by the code that is in use now."),
        condition=conditions.obsolete_code,
    ),
    Rule(
        code="empty-group",
        act=Act.SHOW,
        weight=Weight.NOTICE,
        title=_("Groups in which writers find nothing"),
        cure=_("Writers do not see them. Open a contact point in them, move one there, or delete the group."),
        condition=conditions.nothing_below,
        groups=True,
    ),
    Rule(
        code="long-name",
        act=Act.EDIT,
        weight=Weight.NOTICE,
        title=_("The name is longer than 60 characters"),
        cure=_("Shorten it: on small screens the end is cut off. Details belong in the description."),
        condition=conditions.long_name,
    ),
    Rule(
        code="common-term",
        act=Act.EDIT,
        weight=Weight.NOTICE,
        title=_("A search term that more than 20 contact points share"),
        cure=_("It does not tell them apart. Keep it where it fits best."),
        condition=conditions.common_term,
    ),
    Rule(
        code="not-reviewed",
        act=Act.REVIEW,
        weight=Weight.NOTICE,
        title=_("Not reviewed for a year"),
        cure=_("Read them through, correct what has changed, and mark them as reviewed – one by one or a whole group."),
        condition=conditions.not_reviewed,
    ),
)
