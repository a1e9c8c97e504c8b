"""SFTP: is it the server we know, and would it let the registered user in with the registered key?"""

from collections.abc import Sequence

from adgang.lib.dial import Ports
from systems.step_codes import StepCode
from systems.steps.credential import check_credential
from systems.steps.dialling import connect, resolve_host
from systems.steps.recording import Recorder
from systems.steps.subject import Subject

LOOKING = (
    StepCode.RESOLVE, StepCode.DIAL, StepCode.BANNER, StepCode.KEX, StepCode.HOST_KEY, StepCode.KEY_ACCEPTED,
)  # fmt: skip


def plan(subject: Subject, _place: str) -> Sequence[StepCode]:
    """Return the steps at the server; those behind the sign-in only where the owner allows it."""
    return (*LOOKING, StepCode.LOGIN, StepCode.FOLDER) if "LOGIN" in subject.probes else LOOKING


def check_sftp(subject: Subject, recorder: Recorder) -> None:
    """Check a system that fetches and delivers files by SFTP; without a server of its own there is only the key."""
    from systems.steps.ssh_conversation import converse  # noqa: PLC0415 – see there

    check_credential(subject, recorder)
    if not subject.ssh_host:
        recorder.skip(StepCode.DIAL, "sftp.digital_post_is_server")
        return
    place = f"{subject.ssh_host}:{subject.ssh_port}"
    with recorder.place(place, plan(subject, place)):
        targets = resolve_host(recorder, place, subject.ssh_host)
        reached = connect(recorder, place, targets, subject.ssh_port, Ports.SFTP)
        try:
            converse(subject, recorder, place, reached)
        finally:
            reached.connection.close()
