"""The system: what the registry of Digital Post calls MailSystem."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered
from organisations.models.organisation import CVR_DIGITS
from systems.protocols import Protocol, Speaking
from systems.states import State, in_service, in_state

if TYPE_CHECKING:
    from systems.models.belongings import ApiToken
    from systems.models.health import SystemHealth

KEYS = ("ssh_key", "next_ssh_key")
CERTIFICATES = ("certificate", "next_certificate", "certificate__standing", "next_certificate__standing")
CREDENTIALS = ("certificate", "next_certificate", *KEYS)
VALIDITY = ("not_before", "not_after", "kind", "cvr")  # of a certificate
STANDINGS = tuple(f"{name}__standing" for name in CREDENTIALS)
# Rows of their own beside a system: what may be missing is asked for all the same, in the one query.
BESIDE = ("health", "monitoring", "deliveries", "api_token", "template_use")
PORT = [MinValueValidator(1), MaxValueValidator(65535)]
# What an SFTP server takes for a user name; the first character is a letter or a digit.
USERNAME = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._@-]*\Z", _("Use only letters a–z, digits and . _ @ -, and begin with a letter or digit.")
)


class ReceiptFormat(models.TextChoices):
    """The format of receipts. The two older ones are kept for systems registered long ago."""

    MEMO = "MEMO", "MeMo"
    DP = "DP", "DP"
    DP2 = "DP2", "DP2"


class SystemQuerySet(models.QuerySet["System"]):
    """Chainable questions about systems."""

    def visible_to(self, only: set[uuid.UUID] | None) -> Self:
        """Those whose id is in `only`; all of them for None (no limit)."""
        return self if only is None else self.filter(pk__in=only)

    def in_state(self, state: State, at: dt.datetime) -> Self:
        """Those in that state at a moment."""
        return self.filter(in_state(state, at))

    def in_service(self, at: dt.datetime) -> Self:
        """Those in service at a moment."""
        return self.filter(in_service(at))

    def with_page_data(self) -> Self:
        """With everything that a list or page shows, in a fixed number of queries."""
        return self.select_related("organisation", *CREDENTIALS, *STANDINGS, *BESIDE)

    def with_list_data(self) -> Self:
        """With what a file of many holds of each. All that a page shows of one is two hundred columns a row."""
        shown = [
            *(field.name for field in self.model._meta.concrete_fields),
            "organisation__cvr_number",
            *(f"{name}__{field}" for name in ("certificate", "next_certificate") for field in VALIDITY),
            *(
                f"health__{field}"
                for field in ("last_check", "last_check_status", "last_passed", "last_seen", "confirmed")
            ),
        ]
        return self.select_related("organisation", "certificate", "next_certificate", "health").only(*shown)

    def with_check_data(self, protocol: str) -> Self:
        """With what a check over that protocol reads. The rest would cost a check more than its conversation."""
        if protocol == Protocol.SFTP:
            return self.select_related(*KEYS)
        return self.select_related("organisation", *CERTIFICATES, "health", "api_token")


class System(Speaking, Registered):
    """A system that sends to or receives from Digital Post; its state follows from `active_from` and `active_to`."""

    organisation = models.ForeignKey("organisations.Organisation", related_name="systems", on_delete=models.PROTECT)
    name = models.CharField(_("name"), max_length=100)
    is_sender = models.BooleanField(_("sends to Digital Post"), default=False)
    is_recipient = models.BooleanField(_("receives from Digital Post"), default=False)
    is_default_recipient = models.BooleanField(_("default recipient system"), default=False, editable=False)
    service_protocol = models.CharField(_("protocol"), max_length=30, choices=Protocol)
    endpoint = models.CharField(_("messages are delivered to"), max_length=500, blank=True)
    receipt_endpoint = models.CharField(_("receipts are delivered to"), max_length=500, blank=True)
    receipt_format = models.CharField(
        _("format of receipts"), max_length=10, choices=ReceiptFormat, default=ReceiptFormat.MEMO
    )
    active_from = models.DateTimeField(_("in service from"), null=True, blank=True, editable=False)
    active_to = models.DateTimeField(_("in service until"), null=True, blank=True, editable=False)

    technical_contact_name = models.CharField(_("name"), max_length=200, blank=True)
    technical_contact_email = models.EmailField(_("e-mail"), blank=True)
    technical_contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    business_contact_email = models.EmailField(_("e-mail of the business contact"), blank=True)
    supplier = models.CharField(_("vendor"), max_length=200, blank=True)
    delegated_cvr = models.CharField(_("the vendor's CVR number"), max_length=8, blank=True, validators=[CVR_DIGITS])
    registry_id = models.UUIDField(_("ID in Digital Post"), null=True, blank=True)

    certificate = models.ForeignKey(
        "certificates.Certificate",
        verbose_name=_("certificate"),
        related_name="systems",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    next_certificate = models.ForeignKey(
        "certificates.Certificate",
        verbose_name=_("next certificate"),
        related_name="next_systems",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    next_certificate_from = models.DateTimeField(_("next certificate from"), null=True, blank=True, editable=False)

    ssh_username = models.CharField(_("user name"), max_length=64, blank=True, validators=[USERNAME])
    ssh_key = models.ForeignKey(
        "certificates.SshKey",
        verbose_name=_("SSH key"),
        related_name="systems",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    # In rotation: the server may know either key until the present one is retired, by hand or on its date.
    next_ssh_key = models.ForeignKey(
        "certificates.SshKey",
        verbose_name=_("next SSH key"),
        related_name="next_systems",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    ssh_key_until = models.DateTimeField(_("present SSH key until"), null=True, blank=True, editable=False)
    sftp_host = models.CharField(_("server"), max_length=253, blank=True)
    sftp_port = models.PositiveIntegerField(_("port"), default=22, validators=PORT)
    sftp_folder = models.CharField(_("folder"), max_length=500, blank=True)
    # The key the authority's own server showed when somebody said "this is it": "ssh-ed25519 AAAA…".
    pinned_host_key = models.TextField(_("pinned key of the server"), blank=True, editable=False)
    smtp_relay_host = models.CharField(_("mail relay"), max_length=253, blank=True)
    smtp_relay_port = models.PositiveIntegerField(_("port of the relay"), default=25, validators=PORT)

    objects: ClassVar[models.Manager["System"]] = SystemQuerySet.as_manager()

    personal_fields = frozenset(
        {
            "technical_contact_name",
            "technical_contact_email",
            "technical_contact_phone",
            "business_contact_email",
        }
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("system")
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="system_name_once",
                violation_error_message=_("Another system of the organisation bears this name."),
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_default_recipient=True),
                name="system_default_recipient_once",
                violation_error_message=_("An organisation has at most one default recipient system."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "registry_id"],
                condition=Q(registry_id__isnull=False),
                name="system_registry_id_once",
                violation_error_message=_("Another system of the organisation has this ID in Digital Post."),
            ),
            models.CheckConstraint(
                condition=Q(is_recipient=True) | Q(is_default_recipient=False),
                name="system_default_recipient_receives",
                violation_error_message=_("The default recipient system must receive messages."),
            ),
            models.CheckConstraint(
                condition=Q(is_sender=True) | Q(is_recipient=True),
                name="system_sends_or_receives",
                violation_error_message=_("Say whether the system sends, receives or does both."),
            ),
            models.CheckConstraint(
                condition=Q(active_to=None) | Q(active_from__isnull=False, active_to__gt=F("active_from")),
                name="system_ends_after_it_begins",
                violation_error_message=_("The system must go into service before it goes out of service."),
            ),
            models.CheckConstraint(
                condition=Q(next_certificate=None, next_certificate_from=None)
                | Q(next_certificate__isnull=False, next_certificate_from__isnull=False),
                name="system_next_certificate_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(next_ssh_key=None, ssh_key_until=None)
                | Q(next_ssh_key__isnull=False, ssh_key__isnull=False),
                name="system_next_ssh_key_follows_one",
            ),
            models.CheckConstraint(
                condition=Q(sftp_port__range=(1, 65535), smtp_relay_port__range=(1, 65535)), name="system_ports"
            ),
        ]
        indexes = [
            # Senders are few, and counted on the page of all systems.
            models.Index(fields=["organisation"], condition=Q(is_sender=True), name="system_senders"),
            models.Index(
                fields=["next_certificate_from"],
                condition=Q(next_certificate_from__isnull=False),
                name="system_next_certificate_due",
            ),
            models.Index(
                fields=["ssh_key_until"],
                condition=Q(ssh_key_until__isnull=False),
                name="system_ssh_key_retires",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def token(self) -> "ApiToken | None":
        """The system's API token, if it has one."""
        return getattr(self, "api_token", None)

    @property
    def known_health(self) -> "SystemHealth | None":
        """What is known of the system's health; None of a system that was never saved."""
        return getattr(self, "health", None)
