"""What is known of a system's health. A row of its own, so that a check never makes somebody's form stale."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SystemHealth(models.Model):
    """The latest signs of life of one system; written by checks, by the system's own calls and by people.

    Made together with its system. `last_check…` and `last_passed` tell of the present settings only: they are emptied
    when what a check dials is changed.
    """

    system = models.OneToOneField("systems.System", primary_key=True, related_name="health", on_delete=models.CASCADE)
    last_check = models.DateTimeField(_("last check"), null=True)
    last_check_status = models.CharField(max_length=10, blank=True)
    # PASSED and WARNING both count as passed.
    last_passed = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True, db_index=True)
    confirmed = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    confirmed_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("health of a system")

    def __str__(self) -> str:
        return str(self.system_id)
