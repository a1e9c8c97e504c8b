"""Standard systems: what a vendor says once of a system that many authorities use, and who made theirs from it."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered
from systems.protocols import Protocol


class SystemTemplateQuerySet(models.QuerySet["SystemTemplate"]):
    """Chainable questions about standard systems."""

    def on_offer(self) -> Self:
        """Those that authorities can make systems from."""
        return self.filter(edition__gt=0, retired=None)

    def readable_for(self, organisation_id: uuid.UUID) -> Self:
        """An organisation's own, and what others have published."""
        return self.filter(Q(organisation=organisation_id) | Q(edition__gt=0))


class SystemTemplate(Registered):
    """What the registry calls StandardSystemTemplate: the vendor's working copy; `TemplateEdition` is what counts.

    `values` holds fields of `System` by name, and `networks`; `to_fill` names those that each authority fills in.
    """

    organisation = models.ForeignKey("organisations.Organisation", related_name="templates", on_delete=models.PROTECT)
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    values = models.JSONField(_("values"), default=dict)
    to_fill = models.JSONField(_("to be filled in"), default=list)
    edition = models.PositiveIntegerField(_("edition"), default=0)
    published = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    retired = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    personal_fields = frozenset(
        {"technical_contact_name", "technical_contact_email", "technical_contact_phone", "business_contact_email"}
    )

    objects: ClassVar[Any] = SystemTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("standard system")
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="system_template_name_once",
                violation_error_message=_("Another standard system of the organisation bears this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def protocol(self) -> Protocol:
        """How post travels; it stays the same once it is published."""
        return Protocol(self.values["service_protocol"])

    @property
    def is_on_offer(self) -> bool:
        """Whether authorities can make systems from it."""
        return bool(self.edition) and self.retired is None


class TemplateEdition(models.Model):
    """A published edition, which never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.ForeignKey(SystemTemplate, related_name="editions", on_delete=models.CASCADE)
    number = models.PositiveIntegerField(_("edition"))
    values = models.JSONField(default=dict)
    to_fill = models.JSONField(default=list)
    note = models.CharField(_("what is new"), max_length=500, blank=True)
    published = models.DateTimeField(_("published"))

    class Meta:
        ordering = ["-number"]
        verbose_name = _("edition of a standard system")
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_edition_once")]

    def __str__(self) -> str:
        return str(self.number)


class TemplateUse(models.Model):
    """That a system was made from a standard system, and the edition that its owner has last seen and answered.

    A row of its own, so that an answer never makes somebody's form about the system stale.
    """

    system = models.OneToOneField(
        "systems.System", primary_key=True, related_name="template_use", on_delete=models.CASCADE
    )
    template = models.ForeignKey(SystemTemplate, related_name="uses", on_delete=models.PROTECT)
    edition = models.PositiveIntegerField(_("edition"))

    class Meta:
        verbose_name = _("system made from a standard system")
        indexes = [models.Index(fields=["template", "edition"], name="template_use_edition")]

    def __str__(self) -> str:
        return f"{self.template_id} {self.edition}"
