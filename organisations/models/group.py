"""Groups of people: whoever is a member has the roles that the group was given."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered


class UserGroup(Registered):
    """A group of an organisation's people (an identity group on the wire)."""

    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="user_groups", on_delete=models.CASCADE, editable=False
    )
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=500, blank=True)
    issuer_id = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("user group")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="user_group_name_once")]

    def __str__(self) -> str:
        return self.name


class GroupMember(Registered):
    """That a person belongs to a group (a grantee on the wire)."""

    group = models.ForeignKey(UserGroup, related_name="members", on_delete=models.CASCADE)
    user = models.ForeignKey("organisations.User", related_name="memberships", on_delete=models.CASCADE)
    issuer_id = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["created"]
        verbose_name = _("member of a user group")
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="group_member_once")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.user_id}"
