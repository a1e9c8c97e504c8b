"""Tokens with which programs call the API, and the answers kept so that a call sent twice is done once."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    """Chainable questions about tokens."""

    def usable(self, at: dt.datetime) -> Self:
        """Those that open something at a moment."""
        return self.filter(revoked=None, expires__gt=at).filter(Q(user=None) | Q(user__is_active=True))


class AccessToken(models.Model):
    """A token of a person (`user`) or, without one, of the organisation itself, which outlives whoever made it.

    `roles` are privilege types: of the organisation's token what it may do, of a person's what it leaves of the
    person's own roles. Only the SHA-256 and the first characters are kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="access_tokens", on_delete=models.CASCADE
    )
    user = models.ForeignKey(
        "organisations.User", related_name="access_tokens", null=True, blank=True, on_delete=models.CASCADE
    )
    name = models.CharField(_("name"), max_length=100)
    roles = models.JSONField(_("roles"), default=list)
    only_reads = models.BooleanField(_("may only read"), default=False)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    expires = models.DateTimeField(_("expires"))
    last_used = models.DateTimeField(_("last used"), null=True)
    revoked = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["AccessToken"]] = AccessTokenQuerySet.as_manager()

    secret_fields = frozenset({"hash"})

    class Meta:
        ordering = ["-created"]
        verbose_name = _("access token")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class KeptAnswer(models.Model):
    """What a POST with an idempotency key was answered, without secrets; `body_hash` tells another request apart."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.status)
