"""The answers of a draft, for the page where one checks them before the system is created."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from adgang.lib.cvr import spaced
from adgang.lib.templatetags.adgang import yesno_text
from organisations.models import Organisation
from systems import drafting
from systems.drafting import Step
from systems.forms.drafting import FORMS
from systems.forms.fields import CONTACTS, LABELS, TYPES, VENDOR, delivery_fields
from systems.models import System, SystemDraft
from systems.rules import Fault

UrlOf = Callable[[Organisation, SystemDraft, Step], str]
FIELDS_OF = {
    Step.KIND: ["name", *TYPES],
    Step.PROTOCOL: ["service_protocol"],
    Step.CONTACTS: [*CONTACTS, *VENDOR],
}
# What says nothing without a server beside it.
HOST_OF = {"smtp_relay_port": "smtp_relay_host", "sftp_port": "sftp_host", "sftp_folder": "sftp_host"}


@dataclass(frozen=True)
class Answer:
    """One line: what was asked and what was answered."""

    label: str
    value: str


@dataclass(frozen=True)
class Part:
    """The answers of one step, and what is wrong with them."""

    step: Step
    url: str
    answers: list[Answer]
    faults: list[str]
    is_answered: bool


class Answers:
    """Every step but the last, in order."""

    def __init__(
        self,
        draft: SystemDraft,
        system: System,
        networks: Sequence[str],
        faults: Sequence[Fault],
        url_of: UrlOf,
    ) -> None:
        self.draft, self.system, self.networks = draft, system, networks
        self.faults, self.url_of = faults, url_of

    @property
    def parts(self) -> list[Part]:
        """The steps with their answers."""
        return [self._part(step) for step in drafting.steps(self.draft) if step in FORMS]

    @property
    def is_ready(self) -> bool:
        """Whether the system can be created: every step is answered and nothing is wrong."""
        return all(part.is_answered and not part.faults for part in self.parts)

    def _part(self, step: Step) -> Part:
        names = self._fields(step)
        faults = [str(text) for field, text in self.faults if field in names]
        answers = self._addresses() if step is Step.ADDRESSES else [self._answer(name) for name in names]
        url = self.url_of(self.draft.organisation, self.draft, step)
        return Part(step, url, answers, faults, is_answered=drafting.is_done(self.draft, step))

    def _fields(self, step: Step) -> list[str]:
        if step is not Step.DELIVERY:
            return FIELDS_OF.get(step, [])
        system = self.system
        if not system.service_protocol:
            return []
        names = delivery_fields(system.needs, receives=system.is_recipient, sends=system.is_sender)
        return [name for name in names if name not in HOST_OF or getattr(system, HOST_OF[name])]

    def _answer(self, name: str) -> Answer:
        return Answer(str(LABELS.get(name, "")) or self._other_label(name), self._value(name))

    def _other_label(self, name: str) -> str:
        return {"service_protocol": _("Protocol"), "delegated_cvr": _("The vendor's CVR number")}[name]

    def _value(self, name: str) -> str:
        value = getattr(self.system, name)
        match name:
            case "service_protocol":
                return str(self.system.protocol.label) if value else ""
            case "delegated_cvr":
                return spaced(value)
            case "is_sender" | "is_recipient":
                return yesno_text(value)
            case _:
                return str(value)

    def _addresses(self) -> list[Answer]:
        return [Answer(_("Addresses that the system calls from"), "\n".join(self.networks))]
