"""Which of the portal's mails a person wants, for each organisation."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailPreference(models.Model):
    """What a person has said about one topic of one organisation; without a row the topic's default counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("organisations.User", related_name="mail_preferences", on_delete=models.CASCADE)
    organisation = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.CASCADE)
    # A member of `mail_topics.Topic`; without choices, for a new topic is no matter of the database.
    topic = models.CharField(max_length=30)
    wanted = models.BooleanField()
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("choice of mails")
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "topic"], name="mail_preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic}"
