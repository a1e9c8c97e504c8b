"""Invitations: how a person comes in."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Chainable questions about invitations."""

    def open(self, at: dt.datetime) -> Self:
        """Those that can still be accepted."""
        return self.filter(accepted=None, withdrawn=None, expires__gt=at)


class Invitation(Registered):
    """An e-mail address asked to join an organisation with some roles: valid for days, once, may be sent again.

    Only the hash of the newest link's secret is kept; the secret itself is made while the mail is sent.
    """

    organisation = models.ForeignKey("organisations.Organisation", related_name="invitations", on_delete=models.CASCADE)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=200)
    roles = models.JSONField(_("roles"), default=list)
    # Roles for one system or until a moment, and the user groups that the person joins; an invitation by hand has none.
    limited_roles = models.JSONField(default=list)
    groups = models.JSONField(default=list)
    invited_by_id = models.UUIDField(null=True, editable=False)
    token_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, editable=False)
    withdrawn = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["Invitation"]] = InvitationQuerySet.as_manager()

    secret_fields = frozenset({"token_hash"})
    personal_fields = frozenset({"email", "name"})

    class Meta:
        ordering = ["-created"]
        verbose_name = _("invitation")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted=None, withdrawn=None),
                name="invitation_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.name
