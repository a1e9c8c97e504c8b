"""What is known of the deliveries to a system: only whether they arrive, never what they are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryTally(models.Model):
    """The deliveries to one recipient system, as they were reported.

    `failing_since` is the first failed one after the last that arrived; None while they arrive. `warned` is the day of
    the last warning, 0 for none.
    """

    system = models.OneToOneField(
        "systems.System", primary_key=True, related_name="deliveries", on_delete=models.CASCADE
    )
    last_delivered = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True, db_index=True)
    last_failed = models.DateTimeField(null=True)
    failed = models.PositiveIntegerField(default=0)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("deliveries to a system")

    def __str__(self) -> str:
        return str(self.system_id)
