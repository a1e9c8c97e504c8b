"""The one table of what people may choose to get mails about. What is not here cannot be declined.

Invitations, passwords and answers to one's own request have no topic: somebody waits for them. A topic may concern
rooms above this one: the table is data.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.rights import Right


class Topic(models.TextChoices):
    """What a mail is about, for whoever chooses."""

    HEALTH = "HEALTH", _("Systems that fail, or work again")
    HEALTH_REMINDERS = "HEALTH_REMINDERS", _("Daily reminders of systems that still fail")
    SEVEN_DAYS = "SEVEN_DAYS", _("Recipient systems to which nothing can be delivered")
    EXPIRY = "EXPIRY", _("Certificates that expire")


@dataclass(frozen=True)
class TopicText:
    """A row of the table: one line of help, whom it is offered to, and whether it is sent without having been chosen.

    It is offered to everybody with the right, for the organisation or one of its systems.
    """

    help: Promise
    right: Right
    default: bool = True


TOPICS: dict[Topic, TopicText] = {
    Topic.HEALTH: TopicText(
        _("When the scheduled check has failed several times in a row, and when it passes again."), Right.SYSTEMS_VIEW
    ),
    Topic.HEALTH_REMINDERS: TopicText(_("Once a day, as long as the system fails."), Right.SYSTEMS_VIEW),
    Topic.SEVEN_DAYS: TopicText(
        _("After 1, 3, 5 and 6 days, and when the system may be taken out of service after 7."), Right.SYSTEMS_VIEW
    ),
    Topic.EXPIRY: TopicText(
        _("90, 60, 30, 14, 7, 3 and 1 days before, on the day, and when it has been replaced."), Right.SYSTEMS_VIEW
    ),
}
