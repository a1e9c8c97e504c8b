"""A system's page: everything about it, and what can be done."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib import slots
from adgang.lib.findings import Finding
from organisations.event_reading import object_events
from organisations.rights import Right
from systems import access, calls, check_showing, door, probe_panel, sharing, showing
from systems.addresses import sorted_networks
from systems.connected import Connected, connected
from systems.credential_rows import uses_key
from systems.dependants import Dependant, dependants
from systems.health_showing import HealthView
from systems.lifecycle import found_of, state
from systems.models import System
from systems.notices import notices
from systems.protocols import EndpointKind
from systems.standard import using
from systems.states import COMMITTED, IN_SERVICE, State

SHOWN_DEPENDANTS = 20


@dataclass(frozen=True)
class Line:
    """A finding on the page, and where it is mended; no URL for those who may not."""

    found: Finding
    url: str


class SystemPage:
    """A system as its page shows it at one moment."""

    def __init__(self, system: System, *, at: dt.datetime, may_change: bool, may_check: bool) -> None:
        self.system, self.at = system, at
        self.may_change, self.may_check = may_change, may_check
        self.state = state(system, at)
        self.needs = system.needs

    @property
    def state_badge(self) -> SafeString:
        """The state in a coloured box."""
        return showing.state_badge(self.system, self.at)

    @property
    def types(self) -> str:
        """In which directions the system works."""
        return showing.types_text(self.system)

    @property
    def in_service(self) -> bool:
        """Whether the system is in service now."""
        return self.state in IN_SERVICE

    @property
    def can_begin(self) -> bool:
        """Whether the system can be taken into service, planned anew, or kept in service beyond its end."""
        return self.state is not State.ACTIVE

    @property
    def can_end(self) -> bool:
        """Whether the system can be taken out of service or its plan cancelled."""
        return self.state in COMMITTED

    @property
    def activate_text(self) -> str:
        """What the button to take it into service says."""
        return _("Keep in service") if self.state is State.EXPIRING else _("Take into service")

    @property
    def deactivate_text(self) -> str:
        """What the link to take it out of service says."""
        return _("Cancel or end the plan") if self.state is State.PLANNED else _("Take out of service")

    @cached_property
    def connected(self) -> Connected:
        """Whether it is connected, and what shows it."""
        return connected(self.system, self.at)

    @property
    def connected_text(self) -> str:
        """What shows that it is connected, or what it lacks."""
        answer = self.connected
        if answer.how and answer.when:
            return showing.how_text(answer.how, answer.when)
        return _("Not connected: %(why)s.") % {"why": answer.lack.label if answer.lack else ""}

    @cached_property
    def _found(self) -> tuple[list[Finding], list[Finding]]:
        return found_of(self.system, at=self.at)

    @cached_property
    def lacking(self) -> list[Line]:
        """What it needs to be in service, now or from its planned beginning, in the order in which one mends it."""
        return self._lines(self._found[0])

    @property
    def can_be_asked(self) -> bool:
        """Whether a date would help: what only time mends can be planned for, what is not there cannot."""
        return not any(line.found.code.startswith("system.") for line in self.lacking)

    @cached_property
    def doubts(self) -> list[Line]:
        """Why the connection is in doubt; told while it is not in service, for `connected` tells it afterwards."""
        return self._lines(self._found[1])

    @cached_property
    def notices(self) -> list[Line]:
        """What deserves attention."""
        return self._lines(notices(self.system, at=self.at))

    def _lines(self, found: list[Finding]) -> list[Line]:
        return [Line(one, self._cure_url(one)) for one in found]

    def _cure_url(self, found: Finding) -> str:
        name = showing.cure(found)
        return self.url(name) if name and self.may_change else ""

    def url(self, name: str) -> str:
        """Return the URL of a page of this system."""
        return reverse(name, args=[self.system.organisation.cvr_number, self.system.pk])

    @cached_property
    def dependants(self) -> list[Dependant]:
        """What stops working without it."""
        return dependants(self.system)

    @property
    def shown_dependants(self) -> list[Dependant]:
        """The first of them; a page with hundreds would hide the rest of it."""
        return self.dependants[:SHOWN_DEPENDANTS]

    @property
    def further_dependants(self) -> int:
        """How many more there are."""
        return len(self.dependants) - len(self.shown_dependants)

    @property
    def move_urls(self) -> list[str]:
        """Where dependants are given to another system, one for each kind."""
        return sorted({one.move_url for one in self.dependants if one.move_url})

    @cached_property
    def networks(self) -> list[str]:
        """The addresses that the system calls from."""
        return sorted_networks(allowed.network for allowed in self.system.allowed_ips.all())

    @property
    def shows_endpoints(self) -> bool:
        """Whether messages or receipts are delivered to an address."""
        return self.needs.endpoint is not EndpointKind.NONE

    @property
    def shows_certificate(self) -> bool:
        """Whether the panel of certificates has something to say."""
        return self.needs.certificate or self.system.certificate_id is not None

    @cached_property
    def key_twins(self) -> list[System]:
        """Other systems of the authority that use the same key."""
        marks = [key.fingerprint for key in (self.system.ssh_key, self.system.next_ssh_key) if key]
        own = System.objects.filter(organisation=self.system.organisation).exclude(pk=self.system.pk)
        return list(own.filter(uses_key(marks, "__in")).distinct()) if marks else []

    @property
    def shows_token(self) -> bool:
        """Whether the panel of the token has something to say."""
        return self.needs.token or self.system.token is not None

    @property
    def registry_name(self) -> str:
        """What the ID in Digital Post is called: the two environments must be impossible to confuse."""
        production = settings.ADGANG_ENVIRONMENT == "production"
        return _("ID in Digital Post – PRODUCTION") if production else _("ID in Digital Post – TEST")

    @property
    def registry_id(self) -> uuid.UUID | None:
        """The ID that letters need; where this installation is the registry, that is the system's own."""
        return self.system.pk if settings.ADGANG_IS_REGISTRY else self.system.registry_id


def system(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Show one system."""
    found = access.system(request, cvr, system_id, right=Right.SYSTEMS_VIEW)
    caller = access.caller(request)
    page = SystemPage(
        found,
        at=timezone.now(),
        may_change=caller.may(Right.SYSTEMS_CHANGE, found.organisation, system_id=system_id),
        may_check=caller.may(Right.SYSTEMS_CHECK, found.organisation, system_id=system_id),
    )
    use = using.use_of(found)
    context = {
        "system": found,
        "page": page,
        "links": sharing.links_of(found, at=page.at) if page.may_check else [],
        "health": HealthView(found, at=page.at, may_change=page.may_change),
        "check": check_showing.latest(found, may_check=page.may_check),
        "call": calls.last_call(found),
        "curl": calls.curl(found),
        "sftp_command": door.command(found),
        "template_use": use,
        "offer": using.offer_of(found, use=use) if use else None,
        "may_create": caller.may(Right.SYSTEMS_CHANGE, found.organisation),
        "may_follow": caller.may(Right.CONTACTS_VIEW, found.organisation),
        "may_move": caller.may(Right.CONTACTS_CHANGE, found.organisation),
        "probes": probe_panel.panel(found),
        "panels": [panel(request, found) for panel in slots.fillings("system_panels")],
        "events": object_events(request, found.organisation, found.pk),
    }
    return render(request, "systems/system.html", context)
