"""Of which organisations a sender system wants to be told; kept as the registry of Digital Post keeps it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered


class SenderSubscription(Registered):
    """A subscription of a sender system: to all organisations, to new ones, or to some by their CVR numbers."""

    system = models.ForeignKey("systems.System", related_name="subscriptions", on_delete=models.CASCADE)
    all_organisations = models.BooleanField(_("all organisations"), default=False)
    new_organisations = models.BooleanField(_("new organisations"), default=False)
    cvr_numbers = models.JSONField(_("CVR numbers"), default=list)
    notification_url = models.CharField(_("address that is told"), max_length=500, blank=True)

    class Meta:
        ordering = ["created"]
        verbose_name = _("subscription")

    def __str__(self) -> str:
        return self.notification_url
