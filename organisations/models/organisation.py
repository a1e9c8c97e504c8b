"""The authority (or company) whose registrations these are, and the terms it has accepted."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered

CVR_DIGITS = RegexValidator(r"\A[0-9]{8}\Z", _("Write the CVR number with 8 digits."))


class Organisation(Registered):
    """An organisation as registered in Digital Post. There is no parent organisation."""

    class Type(models.TextChoices):
        AUTHORITY = "AUTHORITY", _("Authority")
        COMPANY = "COMPANY", _("Company")

    class AuthorityType(models.TextChoices):
        STATE = "STATE", _("State authority")
        MUNICIPALITY = "MUNICIPALITY", _("Municipality")
        REGION = "REGION", _("Region")
        OTHER = "OTHER", _("Other public body")

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        INACTIVE = "INACTIVE", _("Inactive")
        CLOSED = "CLOSED", _("Closed")

    name = models.CharField(_("name"), max_length=200)
    cvr_number = models.CharField(_("CVR number"), max_length=8, unique=True, validators=[CVR_DIGITS])
    industry_code = models.CharField(_("industry code"), max_length=10, blank=True)
    type = models.CharField(_("type"), max_length=10, choices=Type, default=Type.AUTHORITY)
    authority_type = models.CharField(_("kind of authority"), max_length=20, choices=AuthorityType, blank=True)
    status_type = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    status_date = models.DateField(_("status since"), null=True, blank=True)
    legal_contact_name = models.CharField(_("name"), max_length=200, blank=True)
    legal_contact_email = models.EmailField(_("e-mail"), blank=True)
    legal_contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    legal_notification_allowed = models.BooleanField(_("may send legal notifications"), default=False)
    mandatory_post_allowed = models.BooleanField(_("may send mandatory post"), default=False)
    rights_introduction_completed = models.BooleanField(default=False, editable=False)
    contactable = models.BooleanField(
        _("wants to be written to"), default=True, help_text=_("Without it, the contact structure is not relevant.")
    )
    uses_systems = models.BooleanField(
        _("uses systems of its own"), default=True, help_text=_("No, if the post is only read on Virk.")
    )
    second_factor_from = models.DateField(
        _("second factor required from"),
        null=True,
        blank=True,
        help_text=_("From that day everybody with rights here needs one. Empty: nobody needs one on your account."),
    )
    logo = models.OneToOneField("organisations.Blob", null=True, blank=True, editable=False, on_delete=models.SET_NULL)

    personal_fields = frozenset({"legal_contact_name", "legal_contact_email", "legal_contact_phone"})

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        constraints = [
            models.CheckConstraint(
                condition=Q(type="COMPANY", authority_type="") | ~Q(type="COMPANY"),
                name="organisation_company_has_no_authority_type",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Terms(models.Model):
    """A version of the connection terms, as the operator has published it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(_("version"), max_length=50, unique=True)
    text_da = models.TextField(_("text in Danish"))
    text_en = models.TextField(_("text in English"), blank=True)
    published = models.DateTimeField(_("published"))

    class Meta:
        ordering = ["-published"]
        verbose_name = _("terms")
        get_latest_by = "published"

    def __str__(self) -> str:
        return self.label


class TermsAcceptance(models.Model):
    """Who accepted which version of the terms for an organisation, and when. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, related_name="terms_acceptances", on_delete=models.PROTECT)
    terms = models.ForeignKey(Terms, related_name="acceptances", on_delete=models.PROTECT)
    accepted = models.DateTimeField(auto_now_add=True)
    accepted_by = models.ForeignKey("organisations.User", related_name="+", on_delete=models.PROTECT)

    class Meta:
        ordering = ["-accepted"]
        constraints = [models.UniqueConstraint(fields=["organisation", "terms"], name="terms_accepted_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.terms_id}"
