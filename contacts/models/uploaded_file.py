"""A file that waits between its dry run and being applied."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class UploadedFile(models.Model):
    """An uploaded file of contact points; its content is an encrypted Blob, so that it is uploaded once only.

    `job` is the work in the background that reads or carries out a large one; small ones need none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.CASCADE)
    blob = models.OneToOneField("organisations.Blob", related_name="+", on_delete=models.CASCADE)
    job = models.OneToOneField("organisations.Job", related_name="+", null=True, on_delete=models.SET_NULL)
    uploaded_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("uploaded file")

    def __str__(self) -> str:
        return self.blob.filename
