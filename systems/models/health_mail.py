"""What people are told of the health of systems: a digest, and its lines."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HealthNews(models.TextChoices):
    """What a line tells."""

    FAILING = "FAILING", _("fails")
    RECOVERED = "RECOVERED", _("works again")
    UNSTABLE = "UNSTABLE", _("is unstable")
    REMINDER = "REMINDER", _("still fails")


class HealthDigest(models.Model):
    """What was told at one moment; each reader's mail shows the lines that concern them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("mail about the health of systems")

    def __str__(self) -> str:
        return f"{self.created:%Y-%m-%d %H:%M}"


class HealthNotice(models.Model):
    """One system in a digest: what is told, since when, and the host it shares with others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.ForeignKey(HealthDigest, related_name="notices", on_delete=models.CASCADE)
    system = models.ForeignKey("systems.System", related_name="health_notices", on_delete=models.CASCADE)
    news = models.CharField(max_length=10, choices=HealthNews)
    since = models.DateTimeField()
    host = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["since"]
        verbose_name = _("line of a mail about health")

    def __str__(self) -> str:
        return f"{self.news} {self.system_id}"
