"""Which protocol takes which steps, and what a check of it does not prove."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from systems.step_codes import StepCode
from systems.steps import rest_push, sftp, smtp
from systems.steps.calling_in import check_calling_in
from systems.steps.recording import Recorder
from systems.steps.subject import Subject

Check = Callable[[Subject, Recorder], None]
Plan = Callable[[Subject, str], Sequence[StepCode]]


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """`check` takes the steps; `once` are those of the system as a whole, `per_place` those of each address."""

    check: Check
    once: tuple[StepCode, ...]
    per_place: Plan


def _nothing(_subject: Subject, _place: str) -> Sequence[StepCode]:
    return ()


CALLING_IN = Protocol(
    check=check_calling_in,
    once=(StepCode.CREDENTIAL, StepCode.TOKEN, StepCode.ADDRESSES, StepCode.LAST_SEEN),
    per_place=_nothing,
)
PROTOCOLS: dict[str, Protocol] = {
    "SMTP": Protocol(check=smtp.check_smtp, once=(StepCode.CREDENTIAL,), per_place=smtp.plan),
    "SFTP": Protocol(check=sftp.check_sftp, once=(StepCode.CREDENTIAL,), per_place=sftp.plan),
    "REST_PUSH": Protocol(check=rest_push.check_rest_push, once=(StepCode.CREDENTIAL,), per_place=rest_push.plan),
    "REST_PULL": CALLING_IN,
    "REST_PUBLISH_SUBSCRIBE": CALLING_IN,
    "AS4": Protocol(check=rest_push.check_tls_only, once=(StepCode.CREDENTIAL,), per_place=rest_push.plan_tls),
}
