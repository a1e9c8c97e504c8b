"""The acts on a request for access that a PUT asks for, by the state it names, over the portal's own rules."""

from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError, FieldError, invalid
from adgang.lib.api.wire import wire_name
from adgang.lib.findings import Finding
from organisations import models
from organisations.access_requests import lifecycle
from organisations.access_requests.kinds import TEXTS, journey
from organisations.api import request_commands
from organisations.api.request_schemas import AccessRequest
from organisations.callers import Caller
from organisations.forms.deciding import CommentsForm, MoreForm, RejectForm
from organisations.models.access_request import RequestState

State = RequestState


def by_requester(caller: Caller, case: models.AccessRequest, body: AccessRequest, *, version: int, wanted: str) -> None:
    """Change, send in or take back one's own request. Raises `ApiError` and `StaleVersion`."""
    match case.state, wanted:
        case State.DRAFT, State.DRAFT:
            request_commands.write(case, body, version=version, sends_in=False)
        case State.DRAFT, State.SUBMITTED:
            kept = request_commands.write(case, body, version=version, sends_in=True)
            _done(lifecycle.submit(caller=caller, case=kept, version=kept.version))
        case State.SUBMITTED, State.DRAFT:
            _done(lifecycle.withdraw(caller=caller, case=case, version=version))
        case State.DRAFT, _:
            raise _impossible(case, wanted, status=400)
        case _:
            raise _impossible(case, wanted)


def by_processor(caller: Caller, case: models.AccessRequest, body: AccessRequest, *, version: int, wanted: str) -> None:
    """Comment on, send back, approve, reject or revoke a request. Raises `ApiError` and `StaleVersion`."""
    if refusal := lifecycle.may_decide(caller, case):
        raise request_commands.refuse(refusal)
    match case.state, wanted:
        case State.SUBMITTED, State.SUBMITTED:
            _comment(caller, case, body, version)
        case State.SUBMITTED, State.DRAFT:
            note = _text(MoreForm({"note": body.processor_note or ""}), "note", "processorNote")
            version = _comment(caller, case, body, version)
            _done(lifecycle.ask_for_more(caller=caller, case=case, version=version, note=note))
        case State.SUBMITTED, State.APPROVED:
            version = _comment(caller, case, body, version)
            _done(lifecycle.approve(caller=caller, case=case, version=version))
        case State.SUBMITTED, State.REJECTED:
            reason = _reason(body.rejection_reason, "rejectionReason")
            version = _comment(caller, case, body, version)
            _done(lifecycle.reject(caller=caller, case=case, version=version, reason=reason))
        case State.APPROVED, State.REVOKED:
            reason = _reason(body.revocation_reason, "revocationReason")
            _done(lifecycle.revoke(caller=caller, case=case, version=version, reason=reason))
        case _:
            raise _impossible(case, wanted)


def _comment(caller: Caller, case: models.AccessRequest, body: AccessRequest, version: int) -> int:
    """Keep what the processor says to the texts, where it is new; return the version that stands afterwards."""
    asked = [f"{name}_comments" for name in TEXTS if name in journey(case.request_type).texts]
    said = {name: getattr(body, name) or "" for name in (*asked, "processor_note")}
    if all(getattr(case, name) == text for name, text in said.items()):
        return version
    form = CommentsForm(
        {**said, "version": str(version)}, instance=models.AccessRequest(request_type=case.request_type)
    )
    if not form.is_valid():
        raise invalid(request_commands.faults(form, names={name: wire_name(name) for name in said}))
    _done(lifecycle.comment(caller=caller, case=case, version=version, comments=form.comments()))
    return version + 1


def _reason(text: str | None, field: str) -> str:
    return _text(RejectForm({"reason": text or ""}), "reason", field)


def _text(form: MoreForm | RejectForm, name: str, field: str) -> str:
    if not form.is_valid():
        raise invalid(request_commands.faults(form, names={name: field}))
    return str(form.cleaned_data[name])


def _done(refusal: Finding | None) -> None:
    if refusal is not None:
        raise request_commands.refuse(refusal)


def _impossible(case: models.AccessRequest, wanted: str, *, status: int = 409) -> ApiError:
    text = _("The request is %(state)s. It cannot become %(wanted)s by you.")
    told = text % {"state": case.state, "wanted": wanted}
    field = FieldError(resource="accessRequest", field="requestState", code="state.impossible", message=told)
    return ApiError(status, "state.impossible", told, fields=[field])
