"""A system that calls: what it must show besides its token, and what it may then do."""

from django.http import HttpRequest
from django.utils import timezone

from adgang.lib.api.errors import ApiError
from adgang.lib.client_certificates import handed_on
from adgang.lib.peers import client_address
from organisations.access_tokens import system_caller
from organisations.callers import Caller, Grants
from organisations.rights import Right
from systems import calls
from systems.models import System


def caller_of(system: System, *, request_id: str) -> Caller:
    """Return the caller: a system may read itself and its organisation, and check messages, nothing else."""
    grants = Grants(
        everywhere=frozenset({Right.ORGANISATION_VIEW, Right.MEMOS_CHECK}),
        per_system={system.pk: frozenset({Right.SYSTEMS_VIEW})},
    )
    name, key = f"System {system.name}", f"system:{system.pk}"
    return system_caller(system.organisation, grants, system=name, key=key, request_id=request_id)


def require_accepted(request: HttpRequest, system: System) -> None:
    """Raise `ApiError` unless certificate and address of the call are accepted, as `whoami` judges them; noted."""
    at, address = timezone.now(), client_address(request)
    whole = System.objects.with_page_data().get(pk=system.pk)
    judgement = calls.judge(whole, certificate=handed_on(request), address=address, at=at)
    calls.note(system.pk, judgement, way=calls.Way.API, address=address, at=at)
    for found in judgement.parts.values():
        if not calls.is_accepted(found):
            text = f"{found.message} {found.remedy}".strip()
            raise ApiError(401, found.code, text, headers={"WWW-Authenticate": 'Basic realm="Adgang"'})
