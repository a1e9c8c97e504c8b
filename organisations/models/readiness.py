"""What must be in place before go-live, by when, and who sees to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered


class ReadinessLine(Registered):
    """A person's part of a line of the overview; what the portal can see by itself is never stored here.

    `key` names a line of the process guide (`adgang/overview/lines.py`); empty for a line of the organisation's own.
    """

    class State(models.TextChoices):
        MISSING = "MISSING", _("missing")
        ORDERED = "ORDERED", _("ordered")
        DONE = "DONE", _("done")
        NOT_RELEVANT = "NOT_RELEVANT", _("not relevant")
        CONFIRMED = "CONFIRMED", _("confirmed")

    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="readiness_lines", on_delete=models.CASCADE
    )
    key = models.CharField(max_length=50, blank=True)
    text = models.CharField(_("what must be done"), max_length=200, blank=True)
    step = models.PositiveSmallIntegerField(_("step"), default=1)
    state = models.CharField(_("state"), max_length=20, choices=State, blank=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    responsible_name = models.CharField(_("responsible"), max_length=200, blank=True)
    responsible_email = models.EmailField(_("the responsible person's e-mail"), blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    confirmed_by = models.ForeignKey(
        "organisations.User", related_name="+", null=True, editable=False, on_delete=models.SET_NULL
    )
    confirmed = models.DateTimeField(null=True, editable=False)

    personal_fields = frozenset({"responsible_name", "responsible_email"})

    class Meta:
        ordering = ["step", "created"]
        verbose_name = _("readiness line")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"], condition=~models.Q(key=""), name="readiness_line_once"
            ),
            models.CheckConstraint(condition=~models.Q(key="", text=""), name="readiness_line_says_something"),
        ]

    def __str__(self) -> str:
        return self.text or self.key


class Deadline(Registered):
    """A date that the organisation works towards."""

    class Kind(models.TextChoices):
        ACCESS_OPENS = "ACCESS_OPENS", _("access opens")
        SYSTEMS = "SYSTEMS", _("systems set up and connected")
        CONTACT_STRUCTURE = "CONTACT_STRUCTURE", _("contact structure established")
        GO_LIVE = "GO_LIVE", _("go-live")

    organisation = models.ForeignKey("organisations.Organisation", related_name="deadlines", on_delete=models.CASCADE)
    kind = models.CharField(_("deadline"), max_length=20, choices=Kind)
    date = models.DateField(_("date"))
    source = models.CharField(_("source"), max_length=100, blank=True)
    link = models.URLField(_("link"), blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("deadline")
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="deadline_once")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Material(Registered):
    """Guidance, a contact or a list of minimum requirements that the operator shows to every authority."""

    class Kind(models.TextChoices):
        MATERIAL = "MATERIAL", _("material")
        CONTACT = "CONTACT", _("contact")
        REQUIREMENT = "REQUIREMENT", _("minimum requirement")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MATERIAL)
    step = models.PositiveSmallIntegerField(_("step"), default=0, help_text=_("0 stands for all steps."))
    title_da = models.CharField(_("title in Danish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    url = models.URLField(_("link"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["step", "position", "title_da"]
        verbose_name = _("material")

    def __str__(self) -> str:
        return self.title_da
