"""A certificate is replaced in systems of another authority: what is asked of it, and what it answered."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered


class SwapState(models.TextChoices):
    """Where a request stands."""

    WAITING = "WAITING", _("Waiting for an answer")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class SwapRequestQuerySet(models.QuerySet["CertificateSwapRequest"]):
    """Chainable questions about requests."""

    def waiting(self) -> Self:
        """Those that nobody has answered."""
        return self.filter(state=SwapState.WAITING)


class CertificateSwapRequest(Registered):
    """That an authority put `certificate` in the place of the one with `old_sha256`, in its own systems.

    Asked by the organisation to which both are issued; `certificate` is kept there. At most one waits for each
    authority and old certificate. `reason` belongs to the answer.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="certificate_swap_requests", on_delete=models.CASCADE
    )
    asked_by = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.CASCADE)
    asker = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    old_sha256 = models.CharField(max_length=64)
    certificate = models.ForeignKey("certificates.Certificate", related_name="swap_requests", on_delete=models.PROTECT)
    message = models.CharField(_("message"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SwapState, default=SwapState.WAITING)
    answered = models.DateTimeField(_("answered"), null=True)
    answerer = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects: ClassVar[models.Manager["CertificateSwapRequest"]] = SwapRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("request to replace a certificate")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "old_sha256"], condition=Q(state="WAITING"), name="swap_request_waits_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_sha256[:16]} → {self.certificate}"

    @property
    def waits(self) -> bool:
        """Whether it can still be answered."""
        return self.state == SwapState.WAITING
