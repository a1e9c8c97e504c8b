"""What a person is told of sign-ins to their account, the refused ones too. No part of the event log."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """One attempt at an account (None: at one that is not there): when, how, from where, and whether it succeeded."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("organisations.User", related_name="sign_ins", null=True, on_delete=models.CASCADE)
    at = models.DateTimeField(_("time"), default=timezone.now)
    method = models.CharField(_("method"), max_length=20)
    address = models.CharField(_("address"), max_length=45, blank=True)
    browser = models.CharField(_("browser"), max_length=300, blank=True)
    succeeded = models.BooleanField(_("succeeded"))

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["user", "-at"], name="sign_in_of_user")]

    def __str__(self) -> str:
        return f"{self.method} {self.at:%Y-%m-%d}"
