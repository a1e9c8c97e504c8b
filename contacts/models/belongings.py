"""What belongs to a contact point: codes, search terms, what writers are asked for, former mailboxes.

Each keeps its place in its list (`position`); the lists are written as a whole by `contacts.belongings`.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_TERM = 100
MAX_CODE = 50


class CodeType(models.TextChoices):
    """The classifications a code may come from; `contacts.codes` checks their form."""

    KLE = "KLE", _("KLE subject")
    FORM = "FORM", _("FORM task")
    GLN = "GLN", _("GLN (EAN location number)")
    SOR = "SOR", _("SOR (health organisations)")
    CUSTOM = "CUSTOM", _("own code")


class Belonging(models.Model):
    """One entry of a list that belongs to a point."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True


class ContactPointCode(Belonging):
    """A code that says what the point is about or where it belongs; `type_name` labels a code of one's own."""

    point = models.ForeignKey("contacts.ContactPoint", related_name="codes", on_delete=models.CASCADE)
    type = models.CharField(_("classification"), max_length=10, choices=CodeType)
    code = models.CharField(_("code"), max_length=MAX_CODE)
    code_version = models.CharField(_("version of the classification"), max_length=50, blank=True)
    name = models.CharField(_("what the code stands for"), max_length=200, blank=True)
    type_name = models.CharField(_("label of one's own code"), max_length=100, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("code")
        constraints = [
            models.UniqueConstraint(fields=["point", "type", "code", "type_name"], name="contact_point_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.code}"


class SearchTerm(Belonging):
    """A word under which writers find the point."""

    point = models.ForeignKey("contacts.ContactPoint", related_name="search_terms", on_delete=models.CASCADE)
    term = models.CharField(_("search term"), max_length=MAX_TERM)

    class Meta:
        ordering = ["position"]
        verbose_name = _("search term")
        constraints = [models.UniqueConstraint(fields=["point", "term"], name="search_term_once")]

    def __str__(self) -> str:
        return self.term


class RecommendedAttribute(Belonging):
    """A piece of information that writers are asked for; a MeMo carries the first two."""

    point = models.ForeignKey("contacts.ContactPoint", related_name="recommended_attributes", on_delete=models.CASCADE)
    name = models.CharField(_("what writers are asked for"), max_length=MAX_TERM)

    class Meta:
        ordering = ["position"]
        verbose_name = _("recommended attribute")
        constraints = [models.UniqueConstraint(fields=["point", "name"], name="recommended_attribute_once")]

    def __str__(self) -> str:
        return self.name


class Translation(Belonging):
    """The ids of a former mailbox and topic, for messages that still carry them."""

    point = models.ForeignKey("contacts.ContactPoint", related_name="translations", on_delete=models.CASCADE)
    postkasse_id = models.BigIntegerField(_("id of the former mailbox"))
    postkasse_emne_id = models.BigIntegerField(_("id of its topic"))

    class Meta:
        ordering = ["position"]
        verbose_name = _("translation of former ids")
        constraints = [
            models.UniqueConstraint(fields=["point", "postkasse_id", "postkasse_emne_id"], name="translation_once")
        ]
        indexes = [models.Index(fields=["postkasse_id", "postkasse_emne_id"], name="translation_by_mailbox")]

    def __str__(self) -> str:
        return f"{self.postkasse_id}/{self.postkasse_emne_id}"
