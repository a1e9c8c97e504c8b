"""The contact group: a category in which writers look for the right contact point."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered
from contacts.models.ids import LetterId

MAX_NAME = 200
MAX_TEXT = 2000


class ContactGroupQuerySet(models.QuerySet["ContactGroup"]):
    """Chainable questions about groups."""

    def in_order(self) -> Self:
        """Siblings as they are shown."""
        return self.order_by("position")


class ContactGroup(LetterId, Registered):
    """A group, below another or at the top level; `position` orders it among the groups of the same parent.

    `responsible` sees to it, and to all below it that has no responsible person of its own, that it is reviewed.

    `search_text` is derived from the texts by `contacts.searching` whenever they are saved.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="contact_groups", on_delete=models.PROTECT
    )
    parent = models.ForeignKey("self", related_name="children", null=True, blank=True, on_delete=models.PROTECT)
    position = models.PositiveBigIntegerField(editable=False)
    name = models.CharField(_("name"), max_length=MAX_NAME)
    description = models.TextField(_("description"), max_length=MAX_TEXT, blank=True)
    organisational_unit = models.BooleanField(_("is an organisational unit"), default=False)
    postkasse_ids = models.JSONField(_("ids of former mailboxes"), default=list, blank=True)
    registry_id = models.UUIDField(_("ID in Digital Post"), null=True, blank=True)
    responsible = models.ForeignKey(
        "organisations.User",
        verbose_name=_("responsible person"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
    )
    search_text = models.TextField(editable=False)

    objects: ClassVar[models.Manager["ContactGroup"]] = ContactGroupQuerySet.as_manager()

    derived_fields = frozenset({"search_text"})

    class Meta:
        ordering = ["position"]
        verbose_name = _("contact group")
        verbose_name_plural = _("contact groups")
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "position"], condition=Q(parent__isnull=False), name="contact_group_place"
            ),
            models.UniqueConstraint(
                fields=["organisation", "position"], condition=Q(parent=None), name="contact_group_place_at_top"
            ),
            models.UniqueConstraint(
                fields=["organisation", "registry_id"],
                condition=Q(registry_id__isnull=False),
                name="contact_group_registry_id_once",
                violation_error_message=_("Another group of the organisation has this ID in Digital Post."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="contact_group_has_a_name"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="contact_group_is_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name
