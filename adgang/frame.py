"""What stands around every page: environment, authority, navigation, person. A context processor."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import adgang
from adgang.operations import announcing
from organisations import announcements
from organisations.callers import Caller, CallerRequest
from organisations.models import Announcement, HelpSession, Organisation
from organisations.rights import Right


@dataclass(frozen=True)
class Link:
    """An entry of the navigation; `current` when the page lies at or below its URL."""

    label: str | Promise
    url: str
    current: bool = False


# (URL name, label, right): what the main navigation of an authority offers to whom.
NAVIGATION: tuple[tuple[str, str | Promise, Right], ...] = (
    ("overview", _("Overview"), Right.OVERVIEW_VIEW),
    ("systems", _("Systems"), Right.SYSTEMS_VIEW),
    ("credentials", _("Certificates"), Right.SYSTEMS_VIEW),
    ("structure", _("Contact structure"), Right.CONTACTS_VIEW),
    ("memo_check", _("Letters and MeMo"), Right.MEMOS_CHECK),
    ("people", _("People and rights"), Right.PEOPLE_VIEW),
    ("statistics", _("Statistics"), Right.STATISTICS_VIEW),
    ("organisation_requests", _("Requests"), Right.REQUESTS_PROCESS),
    ("events", _("Event log"), Right.EVENTS_VIEW),
    ("organisation", _("Organisation"), Right.ORGANISATION_VIEW),
)


class Frame:
    """The frame of one page. Everything is worked out when the template asks, so a fragment costs nothing."""

    version = adgang.__version__

    def __init__(self, request: HttpRequest) -> None:
        self.request = cast(CallerRequest, request)
        self.is_test = settings.ADGANG_ENVIRONMENT != "production"
        self.is_registry = settings.ADGANG_IS_REGISTRY
        self.operator_name = settings.ADGANG_OPERATOR_NAME
        self.operator_email = settings.ADGANG_OPERATOR_EMAIL

    @property
    def caller(self) -> Caller | None:
        """Who acts; None on a page that failed before that was known."""
        return getattr(self.request, "caller", None)

    @property
    def maintenance(self) -> str:
        """What is to be said of maintenance that is on or near, or ""."""
        return announcing.of_maintenance(at=timezone.now())

    @cached_property
    def announcements(self) -> list[Announcement]:
        """What the operator tells the person, on this page."""
        return announcements.shown(self.caller, self.organisation, at=timezone.now())

    @property
    def organisation(self) -> Organisation | None:
        """The authority that the page concerns."""
        return getattr(self.request, "organisation", None)

    @property
    def help(self) -> HelpSession | None:
        """The help that the person gives the authority of the page, so that they never forget it."""
        return self.caller.help_for(self.organisation.pk) if self.caller and self.organisation else None

    @property
    def home(self) -> str:
        """The URL behind the product name."""
        return reverse("choose_organisation" if self.caller and self.caller.user else "sign_in")

    @property
    def check_url(self) -> str:
        """The URL of the open check of certificates, or "" where the operator has it closed."""
        return reverse("check_certificate") if settings.ADGANG_PUBLIC_CHECKS else ""

    @property
    def register_url(self) -> str:
        """The URL where one opens an account, or "" where the operator has it closed."""
        return reverse("register") if settings.ADGANG_REGISTRATION else ""

    @cached_property
    def navigation(self) -> list[Link]:
        """The main navigation, with what the person may see."""
        links = list(self._links())
        here = max((link.url for link in links if self.request.path.startswith(link.url)), key=len, default="")
        return [Link(link.label, link.url, current=link.url == here) for link in links]

    def _links(self) -> Iterator[Link]:
        if self.caller is None or self.caller.user is None:
            return
        if self.organisation is not None:
            grants = self.caller.grants(self.organisation)
            for name, label, right in NAVIGATION:
                if grants.opens(right):
                    yield Link(label, reverse(name, args=[self.organisation.cvr_number]))
        if self.caller.may_operate() or len(self.caller.organisations) > 1:
            yield Link(_("Across"), reverse("across"))
        if self.caller.may_operate():
            yield Link(_("Operations"), reverse("operations"))

    @cached_property
    def personal(self) -> list[Link]:
        """The pages about the person."""
        return [Link(_("My requests"), reverse("access_requests")), Link(_("My page"), reverse("me"))]

    @cached_property
    def can_switch(self) -> bool:
        """Whether the person has another organisation to go to."""
        return self.caller is not None and len(self.caller.organisations) > (1 if self.organisation else 0)


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Return the template variable `frame`."""
    return {"frame": Frame(request)}
