"""Requests for access: what is asked for whom, how far it is, and the documents that speak for it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from adgang.lib.registered import Registered
from organisations.models.organisation import CVR_DIGITS, Organisation


class RequestType(models.TextChoices):
    """What is asked for; fixed when the request is begun."""

    CONNECTION_AGREEMENT_REQUEST = "CONNECTION_AGREEMENT_REQUEST", _("Connection to Digital Post")
    TERMS_APPROVAL_REQUEST = "TERMS_APPROVAL_REQUEST", _("Acceptance of the terms and appointment")
    PRIVILEGE_REQUEST = "PRIVILEGE_REQUEST", _("Roles at an organisation")
    DELEGATION_REQUEST = "DELEGATION_REQUEST", _("Delegation to another organisation")
    APPOINTED_DELEGATION_REQUEST = "APPOINTED_DELEGATION_REQUEST", _("Delegation from an authority")
    USER_ADMIN_LOST_PRIVILEGE_REQUEST = "USER_ADMIN_LOST_PRIVILEGE_REQUEST", _("New user administrator")


class RequestState(models.TextChoices):
    """How far a request is. DRAFT → SUBMITTED → APPROVED or REJECTED; APPROVED → REVOKED; SUBMITTED → DRAFT."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Submitted")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Rejected")
    REVOKED = "REVOKED", pgettext_lazy("a request", "Revoked")


class TargetState(models.TextChoices):
    """How far the appointed person is, once the request is approved."""

    PENDING = "PENDING", _("Code is on its way")
    ACTIVATION_CODE_SENT = "ACTIVATION_CODE_SENT", _("Code sent")
    GRANTED = "GRANTED", _("Activated")


class DocumentationType(models.TextChoices):
    """What a document is."""

    SIGNED_CONNECTION_AGREEMENT = "SIGNED_CONNECTION_AGREEMENT", _("Signed connection agreement")
    POWER_OF_ATTORNEY = "POWER_OF_ATTORNEY", _("Power of attorney")
    LAW_OR_EXECUTIVE_ORDER_EXTRACT = "LAW_OR_EXECUTIVE_ORDER_EXTRACT", _("Extract of law or executive order")
    ARTICLES_OF_ASSOCIATION = "ARTICLES_OF_ASSOCIATION", _("Articles of association")
    ACCOUNTS = "ACCOUNTS", _("Accounts")
    ORGANISATION_DIAGRAM = "ORGANISATION_DIAGRAM", _("Organisation diagram")
    CVR_EXTRACT = "CVR_EXTRACT", _("Extract of the CVR register")
    BOARD_MEETING_SUMMARY_EXTRACT = "BOARD_MEETING_SUMMARY_EXTRACT", _("Extract of the minutes of a board meeting")
    OTHER = "OTHER", _("Another document")


OPEN_STATES = [RequestState.DRAFT.value, RequestState.SUBMITTED.value]
WITH_TARGET = [RequestType.TERMS_APPROVAL_REQUEST.value, RequestType.USER_ADMIN_LOST_PRIVILEGE_REQUEST.value]
# Who decides: the operator of the installation, or the organisation that the request is about.
BY_OPERATOR = [RequestType.CONNECTION_AGREEMENT_REQUEST.value, *WITH_TARGET]


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    """Chainable questions about requests."""

    def to_operator(self) -> Self:
        """Those that the operator has been given to decide, and their requester has not taken back."""
        return self.filter(request_type__in=BY_OPERATOR).sent_in()

    def to_organisation(self, *organisations: Organisation) -> Self:
        """Those that any of the organisations has been given to decide, and their requester has not taken back."""
        return self.filter(organisation__in=organisations).exclude(request_type__in=BY_OPERATOR).sent_in()

    def of(self, user: models.Model | None, organisations: Iterable[Organisation]) -> Self:
        """Those that the person has made, and those that any of the organisations has been given to decide."""
        sent = self.to_organisation(*organisations)
        return self.filter(requester=user) | sent if user else sent

    def sent_in(self) -> Self:
        """Those that were sent in: a withdrawn one is the requester's alone again, one sent back is not."""
        return self.exclude(submitted=None).exclude(state=RequestState.DRAFT, returned=None)

    def waiting(self) -> Self:
        """Those that somebody must decide."""
        return self.filter(state=RequestState.SUBMITTED)

    def with_names(self) -> Self:
        """Together with everything that a row or a page names."""
        return self.select_related("organisation", "requester", "requester_organisation", "terms")

    def awaiting_code(self) -> Self:
        """Approved ones whose appointed person has not used the code."""
        return self.filter(state=RequestState.APPROVED, target_state=TargetState.ACTIVATION_CODE_SENT)


class AccessRequest(Registered):
    """One request, from its first answer on: a draft is a row, so nothing is lost when the browser is closed.

    `cvr_number` says for whom; `organisation` is that organisation once it is registered here. `submitted` is when it
    was last sent in, and stays when it goes back to a draft. `steps_done` are the steps of its journey that have been
    answered. `granted` tells what the approval made, so that revoking can end it. Of the activation code only the hash
    is kept.
    """

    request_type = models.CharField(_("kind of request"), max_length=40, choices=RequestType, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.DRAFT)
    cvr_number = models.CharField(_("CVR number"), max_length=8, validators=[CVR_DIGITS])
    organisation = models.ForeignKey(
        Organisation, related_name="access_requests", null=True, blank=True, on_delete=models.PROTECT
    )
    organisation_name = models.CharField(_("the authority's name"), max_length=200, blank=True)
    authority_type = models.CharField(
        _("kind of authority"), max_length=20, choices=Organisation.AuthorityType, blank=True
    )
    requester = models.ForeignKey("organisations.User", related_name="access_requests", on_delete=models.PROTECT)
    requester_organisation = models.ForeignKey(Organisation, related_name="+", null=True, on_delete=models.PROTECT)
    requester_position = models.CharField(_("your position"), max_length=200, blank=True)
    requester_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    qualification = models.TextField(_("qualification"), max_length=4000, blank=True)
    qualification_comments = models.TextField(_("comments on the qualification"), max_length=4000, blank=True)
    justification = models.TextField(_("justification"), max_length=4000, blank=True)
    justification_comments = models.TextField(_("comments on the justification"), max_length=4000, blank=True)
    legal_basis = models.TextField(_("legal basis"), max_length=4000, blank=True)
    legal_basis_comments = models.TextField(_("comments on the legal basis"), max_length=4000, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    processor_note = models.TextField(_("the processor's note"), max_length=4000, blank=True)
    privileges = models.JSONField(_("roles"), default=list, blank=True)
    privilege_end = models.DateField(_("last day"), null=True, blank=True)
    delegate_cvr = models.CharField(_("the other organisation's CVR number"), max_length=8, blank=True)
    terms = models.ForeignKey("organisations.Terms", related_name="+", null=True, on_delete=models.PROTECT)
    terms_accepted = models.DateTimeField(_("terms accepted"), null=True)
    target_name = models.CharField(_("appointed person"), max_length=200, blank=True)
    target_email = models.EmailField(_("the appointed person's e-mail"), blank=True)
    target_position = models.CharField(_("the appointed person's position"), max_length=200, blank=True)
    target_state = models.CharField(_("activation"), max_length=30, choices=TargetState, blank=True)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_sent = models.DateTimeField(null=True, editable=False)
    code_expires = models.DateTimeField(null=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    activated = models.DateTimeField(_("activated"), null=True, editable=False)
    activated_by_id = models.UUIDField(null=True, editable=False)
    steps_done = models.JSONField(default=list, editable=False)
    granted = models.JSONField(default=dict, editable=False)
    processed_automatically = models.BooleanField(_("processed automatically"), default=False, editable=False)
    submitted = models.DateTimeField(_("submitted"), null=True, editable=False)
    returned = models.DateTimeField(_("sent back"), null=True, editable=False)
    decided = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by_id = models.UUIDField(null=True, editable=False)
    rejection_reason = models.TextField(_("reason for the rejection"), max_length=2000, blank=True)
    revoked = models.DateTimeField(_("revoked"), null=True, editable=False)
    revoked_by_id = models.UUIDField(null=True, editable=False)
    revocation_reason = models.TextField(_("reason for the revocation"), max_length=2000, blank=True)

    objects: ClassVar[models.Manager["AccessRequest"]] = AccessRequestQuerySet.as_manager()

    secret_fields = frozenset({"code_hash"})
    personal_fields = frozenset({"target_name", "target_email", "requester_phone"})

    class Meta:
        ordering = ["-created"]
        verbose_name = _("access request")
        constraints = [
            models.UniqueConstraint(
                fields=["request_type", "cvr_number", "requester"],
                condition=Q(state__in=OPEN_STATES),
                name="access_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.DRAFT, decided=None)
                | Q(state=RequestState.SUBMITTED, submitted__isnull=False, decided=None)
                | Q(state=RequestState.APPROVED, submitted__isnull=False, decided__isnull=False, revoked=None)
                | Q(state=RequestState.REJECTED, submitted__isnull=False, decided__isnull=False, revoked=None)
                & ~Q(rejection_reason="")
                | Q(state=RequestState.REVOKED, decided__isnull=False, revoked__isnull=False)
                & ~Q(revocation_reason=""),
                name="access_request_state_and_times_agree",
            ),
            models.CheckConstraint(
                condition=Q(target_state="")
                | Q(state__in=[RequestState.APPROVED, RequestState.REVOKED], request_type__in=WITH_TARGET)
                & ~Q(target_email=""),
                name="access_request_target_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(code_hash="")
                | Q(target_state=TargetState.ACTIVATION_CODE_SENT, code_expires__isnull=False),
                name="access_request_code_while_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.APPROVED) | Q(organisation__isnull=False),
                name="access_request_approved_has_organisation",
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted"], name="access_request_queue")]

    def __str__(self) -> str:
        return f"{self.get_request_type_display()}, CVR {self.cvr_number}"

    @property
    def about(self) -> str:
        """The name of whom the request is for, as registered or else as the requester gave it."""
        return self.organisation.name if self.organisation else self.organisation_name

    @property
    def type(self) -> RequestType:
        """The kind of request."""
        return RequestType(self.request_type)

    @property
    def is_draft(self) -> bool:
        """Whether the requester can still change it."""
        return self.state == RequestState.DRAFT

    @property
    def was_returned(self) -> bool:
        """Whether the processor sent it back and asked for more."""
        return self.is_draft and self.returned is not None

    @property
    def goes_to_operator(self) -> bool:
        """Whether the operator decides, rather than the organisation."""
        return self.request_type in BY_OPERATOR

    def code_is_dead(self, at: dt.datetime) -> bool:
        """Say whether a code was sent and works no more."""
        return self.target_state == TargetState.ACTIVATION_CODE_SENT and (
            not self.code_hash or (self.code_expires is not None and self.code_expires <= at)
        )


class DocumentationQuerySet(models.QuerySet["Documentation"]):
    """Chainable questions about documents."""

    def uploaded(self) -> Self:
        """Those whose file is there."""
        return self.filter(blob__isnull=False)


class Documentation(Registered):
    """A document of a request, encrypted like every kept file; of a picture also a small copy made anew.

    A program announces a document before it sends the file; until then there is no `blob`.
    """

    request = models.ForeignKey(AccessRequest, related_name="documents", on_delete=models.CASCADE)
    documentation_type = models.CharField(_("kind of document"), max_length=40, choices=DocumentationType)
    blob = models.OneToOneField("organisations.Blob", related_name="+", null=True, on_delete=models.PROTECT)
    preview = models.OneToOneField("organisations.Blob", related_name="+", null=True, on_delete=models.PROTECT)

    objects: ClassVar[models.Manager["Documentation"]] = DocumentationQuerySet.as_manager()

    class Meta:
        ordering = ["created"]
        verbose_name = _("document")

    def __str__(self) -> str:
        return self.get_documentation_type_display()


class Registration(models.Model):
    """An e-mail address that wants an account: the mailed link opens one, once. Only the link's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"))
    token_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["Registration"]]

    secret_fields = frozenset({"token_hash"})

    def __str__(self) -> str:
        return str(self.pk)
