"""Privileges: who may act in which role for whom."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q, UniqueConstraint, UUIDField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered
from organisations.models.group import UserGroup
from organisations.models.organisation import Organisation
from organisations.models.user import User
from organisations.rights import PrivilegeType, Role, roles

INSTALLATION_TYPES = [PrivilegeType.SYSTEM_MANAGER.value, PrivilegeType.SUPPORT.value]
Grantee = User | UserGroup | Organisation


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

    def own(self) -> Self:
        """Those that an organisation gave its own people and groups."""
        return self.filter(parent=None, delegate=None)

    def reaching(self, user: User) -> Self:
        """Those that a person has, given to them or to a group of theirs. Nothing but `select_related` may follow."""
        # Two questions put together, for neither database uses its indexes for "one or the other".
        rows = self.order_by()
        return rows.filter(user=user).union(rows.filter(group__members__user=user), all=True)

    def given_to(self, grantee: Grantee) -> Self:
        """Those of one person, group or other organisation."""
        return self.filter(**{grantee_field(grantee): grantee})


def grantee_field(grantee: Grantee) -> str:
    """Return the name of the field that holds a grantee of this kind."""
    match grantee:
        case User():
            return "user"
        case UserGroup():
            return "group"
        case Organisation():
            return "delegate"


def _once(field: str, name: str) -> UniqueConstraint:
    """A role is held once: by a grantee, of an organisation, for all of it or for one system, through one chain."""
    nobody = Value(uuid.UUID(int=0), output_field=UUIDField())
    return UniqueConstraint(
        field,
        "type",
        "scope",
        Coalesce("system_id", nobody),
        Coalesce("parent", nobody),
        condition=Q(**{f"{field}__isnull": False}, scope__isnull=False),
        name=name,
    )


class Privilege(Registered):
    """One role of a person, a group or another organisation for one organisation (scope).

    Perhaps for one system only, perhaps with an end. What is given to another organisation (`delegate`) gives nobody
    anything before that organisation passes it on to its people: those grants have it as their `parent`, give no more
    than it does and end with it.
    """

    class Source(models.TextChoices):
        APPOINTED = "APPOINTED", _("appointed")
        SELF_SERVICE = "SELF_SERVICE", _("self-service")
        MANUAL = "MANUAL", _("given by the operator")
        MIGRATED = "MIGRATED", _("migrated")

    type = models.CharField(_("role"), max_length=50, choices=PrivilegeType)
    user = models.ForeignKey(User, related_name="privileges", null=True, blank=True, on_delete=models.CASCADE)
    group = models.ForeignKey(UserGroup, related_name="privileges", null=True, blank=True, on_delete=models.CASCADE)
    delegate = models.ForeignKey(
        Organisation, related_name="delegations", null=True, blank=True, on_delete=models.CASCADE
    )
    scope = models.ForeignKey(Organisation, related_name="privileges", null=True, blank=True, on_delete=models.CASCADE)
    # A UUID without foreign key: systems stand a floor above and end their grants through `end_for_system`.
    system_id = models.UUIDField(_("only this system"), null=True, blank=True)
    parent = models.ForeignKey("self", related_name="children", null=True, editable=False, on_delete=models.CASCADE)
    issuer_id = models.UUIDField(null=True, editable=False)
    source = models.CharField(max_length=20, choices=Source, default=Source.SELF_SERVICE, editable=False)
    active_to = models.DateTimeField(_("ends"), null=True, blank=True)
    # When the person was told that the role ends soon.
    noticed = models.DateTimeField(null=True, editable=False)
    # When somebody last found, in a review of rights, that the role is still needed; and who.
    reviewed = models.DateTimeField(null=True, editable=False)
    reviewed_by_id = models.UUIDField(null=True, editable=False)

    objects: ClassVar[models.Manager["Privilege"]] = PrivilegeQuerySet.as_manager()

    class Meta:
        ordering = ["created"]
        verbose_name = _("role")
        constraints = [
            _once("user", "privilege_of_person_once"),
            _once("group", "privilege_of_group_once"),
            _once("delegate", "privilege_of_delegate_once"),
            models.UniqueConstraint(
                fields=["type", "user"], condition=Q(scope=None), name="privilege_of_installation_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, group=None, delegate=None)
                | Q(user=None, group__isnull=False, delegate=None)
                | Q(user=None, group=None, delegate__isnull=False, parent=None),
                name="privilege_has_one_grantee",
            ),
            models.CheckConstraint(
                condition=Q(scope=None, type__in=INSTALLATION_TYPES, system_id=None, user__isnull=False, parent=None)
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

    @property
    def grantee(self) -> Grantee:
        """Whoever was given the role. Raises LookupError for a row that no database would keep."""
        found = self.user or self.group or self.delegate
        if found is None:
            raise LookupError("a role belongs to somebody")
        return found
