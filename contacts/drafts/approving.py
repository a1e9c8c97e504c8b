"""What people have said of a draft, and which approvals still stand: an approval is of the draft as it was then."""

import datetime as dt
from dataclasses import dataclass

from contacts.models import Draft, DraftComment
from organisations.event_tags import Tag
from organisations.models import Event

# What changes what a draft would do; planning and renaming do not.
CHANGING = (Tag.DRAFT_CHANGED, Tag.DRAFT_CONFLICT_DECIDED)


@dataclass(frozen=True)
class Said:
    """A comment. `is_own`: by whoever began the draft; `is_past`: the draft was changed since."""

    comment: DraftComment
    is_own: bool
    is_past: bool

    @property
    def approves(self) -> bool:
        """Whether it says that the draft may be published."""
        return self.comment.approves


@dataclass(frozen=True)
class Talk:
    """All that was said of a draft, the oldest first."""

    said: list[Said]

    @property
    def approvals(self) -> list[Said]:
        """The approvals that still stand."""
        return [one for one in self.said if one.approves and not one.is_past]

    @property
    def by_another(self) -> list[Said]:
        """The approvals that still stand, by somebody else than who began the draft."""
        return [one for one in self.approvals if not one.is_own]

    @property
    def past(self) -> Said | None:
        """The latest approval since which the draft was changed, when none stands."""
        former = [one for one in self.said if one.approves and one.is_past]
        return former[-1] if former and not self.approvals else None


def talk(draft: Draft) -> Talk:
    """Return what was said of a draft, in two queries."""
    changed = changed_at(draft)
    return Talk(
        [
            Said(one, one.author_id == draft.begun_by_id, changed is not None and changed > one.made)
            for one in draft.comments.select_related("author")
        ]
    )


def changed_at(draft: Draft) -> dt.datetime | None:
    """Return when what the draft does was last changed; None when it was not."""
    events = Event.objects.filter(organisation_id=draft.organisation_id, object_id=draft.pk, tag__in=CHANGING)
    return events.order_by("-seq").values_list("time", flat=True).first()
