"""REST pull and publish-subscribe: nothing is dialled, for the system calls us. Is it able to, and has it?"""

import datetime as dt
import ipaddress

from systems.step_codes import StepCode
from systems.steps.credential import check_credential
from systems.steps.recording import Recorder, Step
from systems.steps.subject import Subject

SECONDS = 1
OLD_TOKEN_DAYS = 365
SEEN_DAYS = 7


def check_calling_in(subject: Subject, recorder: Recorder) -> None:
    """Check what a system needs in order to call, and when it last did."""
    check_credential(subject, recorder)
    with recorder.step(StepCode.TOKEN, seconds=SECONDS) as step:
        _token(step, subject, recorder.at)
    with recorder.step(StepCode.ADDRESSES, seconds=SECONDS) as step:
        _addresses(step, subject)
    with recorder.step(StepCode.LAST_SEEN, seconds=SECONDS) as step:
        _last_seen(step, subject, recorder.at)


def _token(step: Step, subject: Subject, at: dt.datetime) -> None:
    if not subject.token_created:
        step.report("system.token_missing")
        return
    days = (at - dt.datetime.fromisoformat(subject.token_created)).days
    step.found = {"created": subject.token_created, "days": days}
    step.report("token.old" if days > OLD_TOKEN_DAYS else "token.present", days=days)


def _addresses(step: Step, subject: Subject) -> None:
    step.found = {"networks": list(subject.networks)}
    if not subject.networks:
        step.report("addresses.none")
        return
    private = [network for network in subject.networks if ipaddress.ip_network(network).is_private]
    if private:
        step.report("addresses.private", networks=", ".join(private))
    step.report("addresses.listed", count=len(subject.networks))


def _last_seen(step: Step, subject: Subject, at: dt.datetime) -> None:
    if not subject.last_seen:
        step.report("seen.never")
        return
    step.found = {"last_seen": subject.last_seen}
    recent = at - dt.datetime.fromisoformat(subject.last_seen) <= dt.timedelta(days=SEEN_DAYS)
    step.report("seen.recently" if recent else "seen.long_ago", last_call=subject.last_seen)
