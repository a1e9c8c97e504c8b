"""A request as people read it: its answers by step, its documents, its story."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from adgang.lib import dates
from adgang.lib.cvr import spaced
from organisations import privileges
from organisations.access_requests import drafting
from organisations.access_requests.kinds import STEP_LABELS, TEXTS, Step, journey
from organisations.event_reading import Reading, chain
from organisations.event_tags import Slice
from organisations.models import AccessRequest

UrlOf = Callable[[AccessRequest, Step], str]


@dataclass(frozen=True)
class Answer:
    """One line: what was asked, what was answered, and what the processor says to it."""

    label: str | Promise
    value: str
    comment: str = ""


@dataclass(frozen=True)
class Part:
    """The answers of one step. `url` leads to it while the request can be changed."""

    step: Step
    label: str | Promise
    url: str
    answers: list[Answer]
    is_answered: bool


def parts(case: AccessRequest, *, url_of: UrlOf | None = None, comments: bool = True) -> list[Part]:
    """Return every step but the last, with its answers. Documents are told of apart."""
    return [
        Part(
            step=step,
            label=STEP_LABELS[step],
            url=url_of(case, step) if url_of else "",
            answers=list(_answers(case, step, comments=comments)),
            is_answered=drafting.is_done(case, step) if case.is_draft else True,
        )
        for step in drafting.steps(case)
        if step is not Step.ANSWERS
    ]


def _answers(case: AccessRequest, step: Step, *, comments: bool) -> Iterator[Answer]:
    match step:
        case Step.AUTHORITY:
            yield Answer(_("Name"), case.organisation_name)
            yield Answer(_("CVR number"), spaced(case.cvr_number))
            yield Answer(_("Kind of authority"), case.get_authority_type_display())
        case Step.REQUESTER:
            yield Answer(_("Name"), case.requester.name)
            yield Answer(_("E-mail"), case.requester.email)
            yield Answer(_("Position"), case.requester_position)
            yield Answer(_("Telephone"), case.requester_phone)
        case Step.REASONS:
            yield from _texts(case, comments=comments)
            yield Answer(_("Note"), case.note)
        case Step.DELEGATE | Step.ROLES:
            yield from _roles(case, comments=comments)
        case Step.TERMS:
            yield Answer(_("Version"), case.terms.label if case.terms else "")
            yield Answer(_("Accepted"), dates.moment(case.terms_accepted))
        case Step.TARGET:
            yield Answer(_("Name"), case.target_name)
            yield Answer(_("E-mail"), case.target_email)
            yield Answer(_("Position"), case.target_position)


def _texts(case: AccessRequest, *, comments: bool) -> Iterator[Answer]:
    for name in TEXTS:
        if name in journey(case.request_type).texts:
            label = str(AccessRequest._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
            yield Answer(label, getattr(case, name), getattr(case, f"{name}_comments") if comments else "")


def _roles(case: AccessRequest, *, comments: bool) -> Iterator[Answer]:
    if case.delegate_cvr:
        yield Answer(_("Organisation that is to act"), f"CVR {spaced(case.delegate_cvr)}")
    if case.requester_organisation:
        yield Answer(_("Organisation that is to act"), case.requester_organisation.name)
    yield Answer(_("Roles"), ", ".join(privileges.role_named(role).label for role in case.privileges))
    yield Answer(_("Last day"), dates.day(case.privilege_end) or _("No end"))
    yield from _texts(case, comments=comments)


def story(case: AccessRequest) -> list[Reading]:
    """Return what has happened to the request, oldest first, from the log; look-ups are left out."""
    owner = None if case.goes_to_operator or case.organisation is None else case.organisation
    events = chain(owner).filter(object_id=case.pk).exclude(slice=Slice.LOOKUPS).order_by("time", "seq")
    return [Reading(event) for event in events]
