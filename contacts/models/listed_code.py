"""A code of a classification that the operator has loaded."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.belongings import MAX_CODE, CodeType


class ListedCodeQuerySet(models.QuerySet["ListedCode"]):
    """Chainable questions about listed codes."""

    def in_use(self, day: dt.date) -> Self:
        """Those that are valid on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day), listed=True
        )

    def obsolete(self, day: dt.date) -> Self:
        """Those that were valid once and are not on a day."""
        return self.filter(Q(listed=False) | Q(valid_to__lt=day))


class ListedCode(models.Model):
    """A code with the name it stands for. What a later list lacks is kept as not `listed`: contact points carry it."""

    type = models.CharField(_("classification"), max_length=10, choices=CodeType)
    code = models.CharField(_("code"), max_length=MAX_CODE)
    name = models.CharField(_("name"), max_length=200)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    listed = models.BooleanField(_("in the list loaded last"), default=True)
    search_text = models.TextField(editable=False)

    objects: ClassVar[models.Manager["ListedCode"]] = ListedCodeQuerySet.as_manager()

    class Meta:
        ordering = ["type", "code"]
        verbose_name = _("listed code")
        constraints = [models.UniqueConstraint(fields=["type", "code"], name="listed_code_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.code} {self.name}"
