"""Letter types, and the verdicts on files that were kept as evidence."""

import uuid
from collections import Counter
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered
from contacts.drafts import coming
from contacts.models import ContactPoint

MAX_DAYS = 365
# What is read of the contact point for replies, under these names in the row of a letter type.
POINT_FIELDS = ("name", "active", "visible", "registry_id", "replaced_by")


class Mark(models.TextChoices):
    """How far a letter type is marked with its contact point for replies."""

    MISSING = "MISSING", _("missing")
    PROVISIONAL = "PROVISIONAL", _("provisional")
    FINAL = "FINAL", _("final")
    NO_REPLY = "NO_REPLY", _("no reply")


class LetterTypeQuerySet(models.QuerySet["LetterType"]):
    """Chainable questions about letter types."""

    def with_point(self) -> Self:
        """With what is known of the contact point (`point_…`, None without one) and with the `mark`.

        A contact point that only a draft of the structure makes is provisional until the draft is published.
        """
        point = ContactPoint.objects.filter(pk=OuterRef("reply_point_id"), organisation=OuterRef("organisation"))
        read = {f"point_{name}": Subquery(point.values(name)[:1]) for name in POINT_FIELDS}
        final = Q() if settings.ADGANG_IS_REGISTRY else Q(point_registry_id__isnull=False)
        to_come = coming.changes().filter(
            object_id=OuterRef("reply_point_id"), draft__organisation=OuterRef("organisation")
        )
        mark = Case(
            When(reply_allowed=False, then=Value(Mark.NO_REPLY.value)),
            When(Q(Exists(to_come), point_name__isnull=True), then=Value(Mark.PROVISIONAL.value)),
            When(Q(point_name__isnull=True), then=Value(Mark.MISSING.value)),
            When(final & Q(point_name__isnull=False), then=Value(Mark.FINAL.value)),
            default=Value(Mark.PROVISIONAL.value),
        )
        return self.annotate(**read).annotate(mark=mark)

    def counted(self) -> dict[Mark, int]:
        """Return how many of them, read `with_point`, bear each mark."""
        counts = Counter(self.order_by().values_list(F("mark"), flat=True))
        return {mark: counts[mark.value] for mark in Mark}

    def replaced(self) -> Self:
        """Those, read `with_point`, whose contact point another has taken over from."""
        return self.filter(Q(("point_replaced_by__isnull", False)), reply_allowed=True)


class LetterType(Registered):
    """A kind of letter that an authority sends, and what such a letter must carry.

    The contact point for replies is kept as its id and its name at the time, for the letter type outlives it. `codes`,
    `actions` and `contact_info` are lists of texts, written as `memo.letter_values` reads them.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="letter_types", on_delete=models.PROTECT
    )
    name = models.CharField(_("name"), max_length=200)
    responsible_name = models.CharField(_("name of the responsible person"), max_length=200, blank=True)
    responsible_email = models.EmailField(_("e-mail of the responsible person"), blank=True)
    sender_system = models.ForeignKey(
        "systems.System",
        verbose_name=_("sender system"),
        related_name="letter_types",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    reply_allowed = models.BooleanField(_("the recipient can reply"), default=True)
    reply_point_id = models.UUIDField(_("contact point for replies"), null=True, blank=True)
    reply_point_name = models.CharField(_("name of the contact point"), max_length=200, blank=True)
    reply_days = models.PositiveSmallIntegerField(
        _("days to reply"), null=True, blank=True, validators=[MaxValueValidator(MAX_DAYS)]
    )
    mandatory = models.BooleanField(_("mandatory post"), default=False)
    legal_notification = models.BooleanField(_("legal notification"), default=False)
    post_type = models.CharField(_("post type"), max_length=256, blank=True)
    codes = models.JSONField(_("codes"), default=list, blank=True)
    actions = models.JSONField(_("actions"), default=list, blank=True)
    contact_info = models.JSONField(_("asked of the writer"), default=list, blank=True)

    objects: ClassVar[models.Manager["LetterType"]] = LetterTypeQuerySet.as_manager()

    personal_fields = frozenset({"responsible_name", "responsible_email"})

    class Meta:
        ordering = ["name"]
        verbose_name = _("letter type")
        verbose_name_plural = _("letter types")
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="letter_type_name_once",
                violation_error_message=_("Another letter type of the organisation bears this name."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="letter_type_has_a_name"),
            models.CheckConstraint(
                condition=Q(reply_allowed=True) | Q(reply_point_id=None, reply_days=None),
                name="letter_type_without_reply_has_no_point",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "reply_point_id"], name="letter_type_by_point")]

    def __str__(self) -> str:
        return self.name


class Evidence(models.Model):
    """What a check said of a file: its SHA-256 and the verdict, never its content.

    It shows that a sender system can produce MeMo, or that a letter is as its type says. `codes` are those of the
    findings; the names stand as they were at the time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.PROTECT)
    system = models.ForeignKey("systems.System", related_name="+", null=True, blank=True, on_delete=models.SET_NULL)
    letter_type = models.ForeignKey(
        LetterType, related_name="evidence", null=True, blank=True, on_delete=models.SET_NULL
    )
    about = models.CharField(_("evidence for"), max_length=300)
    filename = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    memo_version = models.CharField(max_length=10, blank=True)
    valid = models.BooleanField()
    errors = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField()
    codes = models.JSONField(default=list)
    kept = models.DateTimeField()
    kept_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-kept"]
        verbose_name = _("evidence")
        indexes = [models.Index(fields=["organisation", "-kept"], name="evidence_by_time")]

    def __str__(self) -> str:
        return self.filename


__all__ = ["Evidence", "LetterType", "LetterTypeQuerySet", "Mark"]
