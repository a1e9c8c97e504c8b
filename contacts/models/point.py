"""The contact point: what a citizen, a company or another authority writes to."""

from decimal import Decimal
from typing import ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered
from contacts.models.group import MAX_NAME, MAX_TEXT
from contacts.models.ids import LetterId

SOMEBODY = Q(for_citizens=True) | Q(for_companies=True) | Q(for_authorities=True)


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    """Chainable questions about points."""

    def open(self) -> Self:
        """Those that somebody can find and write to."""
        return self.filter(SOMEBODY, active=True, visible=True)

    def with_belongings(self) -> Self:
        """With everything that a page or export shows, in a fixed number of queries."""
        return self.select_related("system").prefetch_related(
            "placements__group", "codes", "search_terms", "recommended_attributes", "translations"
        )

    def with_row_data(self) -> Self:
        """With what the list shows of each, and no more."""
        shown = ("name", "active", "visible", "for_citizens", "for_companies", "for_authorities", "updated")
        return self.select_related("system").only(*shown, "system__name")


class ContactPoint(LetterId, Registered):
    """A contact point. Where it stands is kept in `Placement`; it always stands somewhere.

    `active` and `visible` are the two switches of the registry; `contacts.states` gives the four states they make.
    `replaced_by` names the successor without a foreign key: the reference outlives the successor.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="contact_points", on_delete=models.PROTECT
    )
    name = models.CharField(_("name"), max_length=MAX_NAME)
    description = models.TextField(_("description"), max_length=MAX_TEXT, blank=True)
    internal_description = models.TextField(_("internal note"), max_length=MAX_TEXT, blank=True)
    for_citizens = models.BooleanField(_("citizens"), default=False)
    for_companies = models.BooleanField(_("companies"), default=False)
    for_authorities = models.BooleanField(_("authorities"), default=False)
    active = models.BooleanField(_("active"), default=True)
    visible = models.BooleanField(_("visible"), default=True)
    system = models.ForeignKey(
        "systems.System",
        verbose_name=_("recipient system"),
        related_name="contact_points",
        on_delete=models.PROTECT,
    )
    registry_id = models.UUIDField(_("ID in Digital Post"), null=True, blank=True)
    replaced_by = models.UUIDField(_("replaced by"), null=True, blank=True)
    report_link_label = models.CharField(_("heading of the link"), max_length=200, blank=True)
    report_link_description = models.CharField(_("text before the link"), max_length=500, blank=True)
    report_link_url = models.URLField(_("link"), max_length=500, blank=True)
    report_link_text = models.CharField(_("text on the link"), max_length=200, blank=True)
    memo_size_threshold_mb = models.DecimalField(
        _("largest message in MB"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    # None: no limit; 0: no attachments at all.
    allowed_number_of_attachments = models.PositiveSmallIntegerField(
        _("largest number of attachments"), null=True, blank=True
    )
    reviewed = models.DateTimeField(_("reviewed"), null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        "organisations.User", related_name="+", null=True, blank=True, editable=False, on_delete=models.SET_NULL
    )
    search_text = models.TextField(editable=False)

    objects: ClassVar[models.Manager["ContactPoint"]] = ContactPointQuerySet.as_manager()

    derived_fields = frozenset({"search_text"})

    class Meta:
        ordering = ["name"]
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "registry_id"],
                condition=Q(registry_id__isnull=False),
                name="contact_point_registry_id_once",
                violation_error_message=_("Another contact point of the organisation has this ID in Digital Post."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="contact_point_has_a_name"),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("id")), name="contact_point_is_not_its_own_successor"
            ),
            models.CheckConstraint(
                condition=Q(memo_size_threshold_mb=None) | Q(memo_size_threshold_mb__gt=0),
                name="contact_point_size_is_positive",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "name"], name="contact_point_by_name")]

    def __str__(self) -> str:
        return self.name
