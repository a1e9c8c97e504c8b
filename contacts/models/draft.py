"""Changes of the structure that are collected before they are published, and what was published."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered

MAX_NAME = 100
MAX_NOTE = 2000


class DraftState(models.TextChoices):
    """What has become of a draft."""

    OPEN = "OPEN", _("Being worked on")
    PLANNED = "PLANNED", _("Waits for its time")
    PUBLISHED = "PUBLISHED", _("Published")
    DISCARDED = "DISCARDED", _("Discarded")


class Draft(Registered):
    """A named set of changes of an organisation's whole structure.

    It holds no copy of the structure, only what differs: what is changed outside it meanwhile is seen in it at once.
    `refusal` says why it was not published at its time, as code and parameters.
    """

    organisation = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=MAX_NAME)
    note = models.TextField(_("note"), max_length=MAX_NOTE, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DraftState, default=DraftState.OPEN)
    begun_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    publish_at = models.DateTimeField(_("is published at"), null=True, blank=True)
    planned_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    refusal = models.JSONField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("draft")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=DraftState.PLANNED, publish_at__isnull=False) | ~Q(state=DraftState.PLANNED),
                name="planned_draft_has_a_time",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="draft_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-created"], name="draft_newest"),
            models.Index(fields=["publish_at"], condition=Q(state=DraftState.PLANNED), name="draft_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it can be worked on."""
        return self.state == DraftState.OPEN

    @property
    def is_planned(self) -> bool:
        """Whether it waits for its time."""
        return self.state == DraftState.PLANNED

    @property
    def is_closed(self) -> bool:
        """Whether it has been published or discarded."""
        return self.state in (DraftState.PUBLISHED, DraftState.DISCARDED)


class DraftChange(models.Model):
    """What a draft does to one group or point: how it stood when it was first changed here, and how it is to stand.

    Both are kept as text (see `contacts.stored`); "" as `before` is an object that the draft makes, under the id it
    will have, and "" as `after` one that it deletes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, related_name="changes", on_delete=models.CASCADE)
    is_group = models.BooleanField()
    object_id = models.UUIDField()
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    changed_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "object_id"], name="draft_change_once")]

    def __str__(self) -> str:
        return str(self.object_id)


class DraftComment(models.Model):
    """What a colleague says of a draft; `approves` that it may be published as it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, related_name="comments", on_delete=models.CASCADE)
    author = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    text = models.TextField(_("comment"), max_length=MAX_NOTE, blank=True)
    approves = models.BooleanField(default=False)
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["made"]

    def __str__(self) -> str:
        return self.text[:50]


class Publication(models.Model):
    """A publication with the whole structure before and after it; its id is that of the event."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.CASCADE)
    name = models.CharField(max_length=MAX_NAME)
    note = models.TextField(blank=True)
    draft = models.OneToOneField(Draft, related_name="publication", null=True, on_delete=models.SET_NULL)
    made = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    created_count = models.PositiveIntegerField()
    changed_count = models.PositiveIntegerField()
    deleted_count = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["-made"]
        verbose_name = _("publication")
        indexes = [models.Index(fields=["organisation", "-made"], name="publication_newest")]

    def __str__(self) -> str:
        return self.name
