"""What the operator tells those who use the portal, and who has put it out of sight."""

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered


class Announcement(Registered):
    """A text in both languages at the top of the pages of those it is for, from a time until another or for good.

    `cvr_numbers` and `roles` narrow it to whoever has a role there, one of those roles; empty lists narrow nothing.
    """

    class Level(models.TextChoices):
        INFO = "INFO", _("Information")
        WARNING = "WARNING", _("Warning")
        ERROR = "ERROR", _("Fault")

    level = models.CharField(_("kind"), max_length=10, choices=Level, default=Level.INFO)
    title_da = models.CharField(_("heading in Danish"), max_length=120)
    title_en = models.CharField(_("heading in English"), max_length=120)
    text_da = models.TextField(_("text in Danish"), max_length=2000)
    text_en = models.TextField(_("text in English"), max_length=2000)
    starts = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    cvr_numbers = models.JSONField(_("authorities"), default=list, blank=True)
    roles = models.JSONField(_("roles"), default=list, blank=True)
    on_open_pages = models.BooleanField(_("also for those who have not logged in"), default=False)
    by_mail = models.BooleanField(_("also by mail"), default=False)
    mailed = models.DateTimeField(null=True, editable=False)
    withdrawn = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-starts", "pk"]
        verbose_name = _("announcement")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("starts")), name="announcement_ends_later"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The heading in the language of the page."""
        return self.title_en if get_language() == "en" else self.title_da

    @property
    def text(self) -> str:
        """The text in the language of the page."""
        return self.text_en if get_language() == "en" else self.text_da

    @property
    def is_for_all(self) -> bool:
        """Whether it is for everybody with an account."""
        return not self.cvr_numbers and not self.roles

    def is_on(self, at: dt.datetime) -> bool:
        """Say whether it is shown at that time."""
        return self.starts <= at and not self.is_over(at)

    def is_over(self, at: dt.datetime) -> bool:
        """Say whether it was withdrawn, or its time has passed."""
        return self.withdrawn is not None or (self.until is not None and self.until <= at)


class Dismissal(models.Model):
    """That a person has put an announcement out of sight, as it was then: changed later, it is shown again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("organisations.User", related_name="dismissals", on_delete=models.CASCADE)
    announcement = models.ForeignKey(Announcement, related_name="dismissals", on_delete=models.CASCADE)
    seen_version = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "announcement"], name="dismissal_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.announcement_id}"
