"""Privileges: who may act in which role for whom."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered
from organisations.rights import PrivilegeType, Role, roles

INSTALLATION_TYPES = [PrivilegeType.SYSTEM_MANAGER.value, PrivilegeType.SUPPORT.value]


class PrivilegeQuerySet(models.QuerySet["Privilege"]):
    """Chainable questions about privileges."""

    def active(self, at: dt.datetime) -> Self:
        """Those that count at a moment."""
        return self.filter(Q(active_to=None) | Q(active_to__gt=at))

    def expired(self, at: dt.datetime) -> Self:
        """Those whose end has come."""
        return self.filter(active_to__lte=at)

    def for_whole_organisation(self) -> Self:
        """Those that are not limited to one system."""
        return self.filter(system_id=None)


class Privilege(Registered):
    """One role of one person for one organisation (scope), perhaps for one system only, perhaps with an end."""

    class Source(models.TextChoices):
        APPOINTED = "APPOINTED", _("appointed")
        SELF_SERVICE = "SELF_SERVICE", _("self-service")
        MANUAL = "MANUAL", _("given by the operator")
        MIGRATED = "MIGRATED", _("migrated")

    type = models.CharField(_("role"), max_length=50, choices=PrivilegeType)
    user = models.ForeignKey("organisations.User", related_name="privileges", on_delete=models.CASCADE)
    scope = models.ForeignKey(
        "organisations.Organisation", related_name="privileges", null=True, blank=True, on_delete=models.CASCADE
    )
    # A UUID without foreign key: systems stand a floor above and end their grants through `end_for_system`.
    system_id = models.UUIDField(_("only this system"), null=True, blank=True)
    issuer_id = models.UUIDField(null=True, editable=False)
    source = models.CharField(max_length=20, choices=Source, default=Source.SELF_SERVICE, editable=False)
    active_to = models.DateTimeField(_("ends"), null=True, blank=True)
    # When the person was told that the role ends soon.
    noticed = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["Privilege"]] = PrivilegeQuerySet.as_manager()

    class Meta:
        ordering = ["created"]
        verbose_name = _("role")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "user", "scope"],
                condition=Q(system_id=None, scope__isnull=False),
                name="privilege_once",
            ),
            models.UniqueConstraint(
                fields=["type", "user"], condition=Q(scope=None), name="privilege_of_installation_once"
            ),
            models.UniqueConstraint(
                fields=["type", "user", "scope", "system_id"],
                condition=Q(system_id__isnull=False),
                name="privilege_once_per_system",
            ),
            models.CheckConstraint(
                condition=Q(scope=None, type__in=INSTALLATION_TYPES, system_id=None)
                | Q(scope__isnull=False) & ~Q(type__in=INSTALLATION_TYPES),
                name="privilege_has_the_scope_of_its_type",
            ),
        ]

    def __str__(self) -> str:
        return self.role.label

    @property
    def role(self) -> Role:
        """The role's row in the role table."""
        return roles()[PrivilegeType(self.type)]
