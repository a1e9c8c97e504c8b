"""A run as people read it, and as commands and the API show it: steps in order, causes and cures in words."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.findings import Finding, Severity, finding, texts
from systems import probe_messages
from systems.models import CheckRun, ProbeMessage, RunStatus, System
from systems.step_codes import NOT_PROVEN, StepCode
from systems.step_values import shown
from systems.steps.protocols import PROTOCOLS
from systems.steps.recording import StepStatus
from systems.steps.subject import Subject

# A waiting run that no worker has taken by now deserves a word.
PATIENCE = dt.timedelta(seconds=5)
SEVERITIES = [Severity.ERROR, Severity.WARNING, Severity.INFO]
COLOURS = {
    RunStatus.QUEUED: "info",
    RunStatus.RUNNING: "info",
    RunStatus.PASSED: "success",
    RunStatus.WARNING: "warning",
    RunStatus.FAILED: "error",
    RunStatus.ABORTED: "warning",
}
STEP_WORDS = {
    StepStatus.OK: gettext_lazy("In order"),
    StepStatus.WARNING: gettext_lazy("Remark"),
    StepStatus.FAILED: gettext_lazy("Fault"),
    StepStatus.SKIPPED: gettext_lazy("Not taken"),
}


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One step on the page; `status` is empty while the step has not been taken yet."""

    code: StepCode
    place: str = ""
    status: str = ""
    ms: int = 0
    findings: list[Finding] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    is_next: bool = False

    @property
    def label(self) -> str | Promise:
        """What the step is called."""
        return self.code.label

    @property
    def word(self) -> str | Promise:
        """How the step ended."""
        if self.status:
            return STEP_WORDS[StepStatus(self.status)]
        return _("Under way") if self.is_next else _("Waiting")

    @property
    def mark(self) -> str:
        """The name of the state for the style sheet and the icon."""
        return self.status or ("next" if self.is_next else "waiting")

    @property
    def deciding(self) -> Finding | None:
        """The worst finding, the first of equals."""
        return min(self.findings, key=lambda one: SEVERITIES.index(one.severity), default=None)

    def values(self) -> Iterator[tuple[str | Promise, str]]:
        """Yield (label, text) of what was found, for the page."""
        yield from shown(self.found)

    def as_json(self) -> dict[str, Any]:
        """Return the step for programs, with its texts in the reader's language."""
        deciding = self.deciding
        return {
            "code": str(self.code),
            "place": self.place,
            "status": self.status,
            "ms": self.ms,
            "found": self.found,
            "message": deciding.message if deciding else "",
            "remedy": deciding.remedy if deciding else "",
            "findings": [one.as_text() for one in self.findings],
        }


@dataclass(frozen=True, kw_only=True)
class PlaceView:
    """The steps of one address; the first group, without an address, is of the system as a whole."""

    place: str
    steps: list[StepView]


class RunView:
    """A run on a page; `may_pin` says whether the reader may confirm a host key that it shows."""

    def __init__(self, run: CheckRun, *, may_check: bool = False, may_pin: bool = False) -> None:
        self.run, self.may_check, self.may_pin = run, may_check, may_pin

    @property
    def status(self) -> RunStatus:
        """The result, or where the run stands."""
        return RunStatus(self.run.status)

    @property
    def colour(self) -> str:
        """The variant of badge and message box."""
        return COLOURS[self.status]

    @property
    def seen(self) -> str:
        """What a page has seen of the run; while it stays the same there is nothing to send."""
        return f"{self.run.status}-{self.run.attempt}-{len(self.run.steps)}"

    @property
    def is_late(self) -> bool:
        """Whether the run has waited so long that the reader deserves a word."""
        return self.status is RunStatus.QUEUED and timezone.now() - self.run.created > PATIENCE

    @cached_property
    def steps(self) -> list[StepView]:
        """The steps taken so far."""
        return [_step(stored) for stored in self.run.steps]

    @cached_property
    def headline(self) -> Finding | None:
        """What decided the result: the first of the worst findings; None when everything is in order."""
        found = [one for step in self.steps for one in step.findings if one.code == self.run.summary]
        if found or not self.run.summary or self.run.summary not in texts():
            return next(iter(found), None)
        return finding(self.run.summary)

    @property
    def places(self) -> list[PlaceView]:
        """The steps by address, those that are still to come included while the run is open."""
        steps = self.steps + (self._to_come() if self.run.is_open else [])
        names = dict.fromkeys(step.place for step in steps)
        return [PlaceView(place=name, steps=[one for one in steps if one.place == name]) for name in names]

    def _to_come(self) -> list[StepView]:
        protocol = PROTOCOLS[self.run.protocol]
        known = {
            name: self.run.target[name] for name in ("relay_port", "probes", "deliver_to") if name in self.run.target
        }
        subject = Subject(protocol=self.run.protocol, **known)
        planned = [("", code) for code in protocol.once]
        planned += [(place, code) for place in self._dialled() for code in protocol.per_place(subject, place)]
        taken = {(step.place, step.code) for step in self.steps}
        coming = [(place, code) for place, code in planned if (place, code) not in taken]
        running = self.status is RunStatus.RUNNING
        return [
            StepView(code=code, place=place, is_next=running and not number)
            for number, (place, code) in enumerate(coming)
        ]

    def _dialled(self) -> list[str]:
        if host := self.run.target.get("ssh_host"):
            return [f"{host}:{self.run.target['ssh_port']}"]
        return list(self.run.target.get("places", []))

    @property
    def not_proven(self) -> list[Promise]:
        """What a check of the protocol does not prove."""
        found = {one.code for step in self.steps for one in step.findings}
        found |= {self.answer.code} if self.answer else set()
        return [one.text for one in NOT_PROVEN[self.run.protocol] if one.stands(found)]

    @cached_property
    def message(self) -> ProbeMessage | None:
        """The test message that the run sent by mail; asked for only where the run says that it did."""
        sent = any(one.code == "message.handed_over" for step in self.steps for one in step.findings)
        return probe_messages.message_of(self.run) if sent else None

    @property
    def answer(self) -> Finding | None:
        """What a person's answer about the test message says."""
        return probe_messages.verdict(self.message) if self.message else None

    @property
    def answer_colour(self) -> str:
        """The variant of the badge of the answer."""
        return "success" if self.answer and self.answer.code == "message.opened" else "warning"

    @property
    def ehlo_name(self) -> str:
        """The name behind the message-ID."""
        return str(settings.ADGANG_EHLO_NAME)

    @property
    def host_key(self) -> StepView | None:
        """The step that showed a host key which is not the confirmed one, if there is one."""
        unconfirmed = ("sftp.host_key_not_pinned", "sftp.host_key_changed")
        shown = (step for step in self.steps if any(one.code in unconfirmed for one in step.findings))
        return next((step for step in shown if step.found.get("host_key")), None)

    @property
    def origin(self) -> list[tuple[str | Promise, str]]:
        """Where checks come from, for whoever runs the firewall: (label, text)."""
        shown: list[tuple[str | Promise, str]]
        shown = [(_("Addresses"), ", ".join(settings.ADGANG_EGRESS_ADDRESSES) or _("not stated by the operator"))]
        if self.run.protocol == "SMTP":
            shown += [(_("Name in EHLO"), settings.ADGANG_EHLO_NAME)]
            shown += [(_("Sender (MAIL FROM)"), settings.ADGANG_MAIL_FROM or "<>")]
        return shown

    @property
    def announcement(self) -> str:
        """The one sentence that is read out when the check is over."""
        parts = [_("The check is over: %(result)s.") % {"result": self.status.label}]
        return " ".join(parts + ([self.headline.message] if self.headline else []))

    def as_json(self) -> dict[str, Any]:
        """Return the run for programs: the form that `check_connection --json` promises."""
        run = self.run
        return {
            "id": str(run.pk),
            "system": str(run.system_id),
            "protocol": run.protocol,
            "trigger": run.trigger,
            "status": run.status,
            "summary": run.summary or None,
            "message": self.headline.message if self.headline else "",
            "remedy": self.headline.remedy if self.headline else "",
            "created": iso(run.created),
            "finished": iso(run.finished),
            "duration_ms": run.duration_ms,
            "steps": [step.as_json() for step in self.steps],
        }


def iso(time: dt.datetime | None) -> str | None:
    """Return a time for programs: ISO 8601 in UTC with Z; None for None."""
    return time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if time else None


def _step(stored: dict[str, Any]) -> StepView:
    return StepView(
        code=StepCode(stored["code"]),
        place=stored["place"],
        status=stored["status"],
        ms=stored["ms"],
        findings=list(_known(stored["findings"])),
        found=stored["found"],
    )


def _known(stored: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    """Yield findings; one whose code an older version used and this one has given up is passed over."""
    known = texts()
    return (Finding.from_json(one) for one in stored if one["code"] in known)


def latest(system: System, *, may_check: bool = False, may_pin: bool = False) -> RunView | None:
    """Return the system's latest run for its page; one query."""
    run = CheckRun.objects.filter(system=system).newest_first().first()
    return RunView(run, may_check=may_check, may_pin=may_pin) if run else None
