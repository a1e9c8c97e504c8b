"""That a certificate was taken out of force in a system because its issuer revoked it."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class RevokedUse(models.Model):
    """A certificate that stood in a system, or was staged in it, when it was found to be revoked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey("systems.System", related_name="revoked_uses", on_delete=models.CASCADE)
    certificate = models.ForeignKey("certificates.Certificate", related_name="revoked_uses", on_delete=models.CASCADE)
    staged = models.BooleanField()
    taken = models.DateTimeField()

    objects: ClassVar[models.Manager["RevokedUse"]] = models.Manager()

    class Meta:
        ordering = ["-taken"]
        verbose_name = _("use of a revoked certificate")
        constraints = [models.UniqueConstraint(fields=["system", "certificate"], name="revoked_use_once")]

    def __str__(self) -> str:
        return f"{self.system_id} {self.certificate_id}"
