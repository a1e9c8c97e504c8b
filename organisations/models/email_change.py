"""That a person wants, or got, another e-mail."""

import uuid

from django.db import models


class EmailChange(models.Model):
    """From `old` to `new`: asked for, `confirmed` by a link mailed to the new one, `ended` by the old or a later one.

    A confirmed one stays until the person is forgotten, for the log may hold the old address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("organisations.User", related_name="email_changes", on_delete=models.CASCADE)
    old = models.EmailField()
    new = models.EmailField()
    asked = models.DateTimeField()
    confirmed = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked"]

    def __str__(self) -> str:
        return f"change of e-mail {self.pk}"
