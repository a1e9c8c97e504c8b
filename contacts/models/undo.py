"""How the objects of one change stood before it, so that the whole of it can be undone."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Undo(models.Model):
    """What one event changed, kept as text; `contacts.undoing` reads and writes it. Its id is that of the event."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.CASCADE)
    made = models.DateTimeField(auto_now_add=True)
    content = models.TextField(editable=False)

    class Meta:
        ordering = ["-made"]
        verbose_name = _("change that can be undone")
        indexes = [models.Index(fields=["organisation", "-made"], name="undo_newest")]

    def __str__(self) -> str:
        return str(self.pk)
