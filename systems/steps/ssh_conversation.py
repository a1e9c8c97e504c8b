"""What is said to an SSH server: its greeting, its key, and whether it would let the registered user in.

Only whoever carries checks out imports this: paramiko takes its time.
"""

import base64

from adgang.lib.failures import Failure
from systems.step_codes import StepCode
from systems.steps.dialling import Reached
from systems.steps.host_keys import pinned_key, public_key
from systems.steps.recording import Recorder, Step, StepStatus
from systems.steps.sftp_folder import try_folder
from systems.steps.ssh_identification import peek_identification
from systems.steps.ssh_query import Answer, SshQuery
from systems.steps.subject import PublicKey, Subject

PROTOCOL_SECONDS = 15


def converse(subject: Subject, recorder: Recorder, place: str, reached: Reached) -> None:
    """Take the steps behind the connection, up to the folder where the owner allows it."""
    with recorder.step(StepCode.BANNER, place=place, seconds=PROTOCOL_SECONDS) as step:
        banner = peek_identification(reached.connection, step.deadline)
        step.found = {"banner": banner}
        step.report("sftp.greeted", banner=banner)
    query = SshQuery(reached.connection)
    try:
        _host_key(subject, recorder, place, _key_exchange(subject, recorder, place, query))
        _key_accepted(subject, recorder, place, query)
        if "LOGIN" in subject.probes:
            _try_folder(subject, recorder, place, query)
    finally:
        query.close()


def _try_folder(subject: Subject, recorder: Recorder, place: str, query: SshQuery) -> None:
    """Try the folder, unless the server has refused the user's own key: one refused sign-in is enough for its log."""
    if recorder.steps[-1].status is StepStatus.FAILED:
        recorder.skip(StepCode.LOGIN, "login.not_tried", place=place)
        recorder.skip(StepCode.FOLDER, "folder.not_looked_at", place=place)
    else:
        try_folder(subject, recorder, place, query)


def _key_exchange(subject: Subject, recorder: Recorder, place: str, query: SshQuery) -> PublicKey:
    with recorder.step(StepCode.KEX, place=place, seconds=PROTOCOL_SECONDS) as step:
        key = query.negotiate(step.deadline, prefer_host_key=subject.pinned_host_key.partition(" ")[0])
        weak = query.offer.weak() if query.offer else []
        step.found = {"agreed": query.agreed, "weak": weak}
        if weak:
            step.report("sftp.weak_algorithms", weak=", ".join(weak))
        step.report("sftp.key_exchanged", cipher=query.agreed["cipher"])
    return public_key(key.get_name(), key.asbytes())


def _host_key(subject: Subject, recorder: Recorder, place: str, key: PublicKey) -> None:
    with recorder.step(StepCode.HOST_KEY, place=place, seconds=PROTOCOL_SECONDS) as step:
        step.found = {"type": key.type, "fingerprint": key.fingerprint, "host_key": f"{key.type} {key.blob}"}
        earlier = recorder.before(StepCode.HOST_KEY, place).get("fingerprint")
        differs = bool(earlier) and earlier != key.fingerprint
        if subject.pinned_host_key:
            _compare(step, pinned_key(subject.pinned_host_key), key)
            if differs:
                step.report("sftp.host_key_replaced", earlier=earlier)
            return
        step.report("sftp.host_key_not_pinned", fingerprint=key.fingerprint)
        if differs:
            step.report("sftp.host_key_differs", fingerprint=key.fingerprint, earlier=earlier)


def _compare(step: Step, pinned: PublicKey, key: PublicKey) -> None:
    if pinned.blob != key.blob:
        raise Failure("sftp.host_key_changed", fingerprint=key.fingerprint, pinned=pinned.fingerprint)
    step.report("sftp.host_key_known", fingerprint=key.fingerprint)


def _key_accepted(subject: Subject, recorder: Recorder, place: str, query: SshQuery) -> None:
    with recorder.step(StepCode.KEY_ACCEPTED, place=place, seconds=PROTOCOL_SECONDS) as step:
        if subject.ssh_key is None or not subject.ssh_username:
            raise Failure("sftp.nothing_to_ask")
        present = _ask(subject, step, query, subject.ssh_key)
        step.found = {"accepted": present.accepted, "methods": present.methods}
        following = _ask_next(subject, step, query)
        if following is not None and subject.next_ssh_key is not None:
            step.found["next_accepted"] = following.accepted
            if following.accepted and not present.accepted:
                step.report("sftp.only_next_key_accepted", fingerprint=subject.next_ssh_key.fingerprint)
                return
        _report_present(subject, step, present, subject.ssh_key)
        if following is not None and subject.next_ssh_key is not None:
            code = "sftp.next_key_accepted" if following.accepted else "sftp.next_key_not_accepted"
            step.report(code, fingerprint=subject.next_ssh_key.fingerprint)


def _ask(subject: Subject, step: Step, query: SshQuery, key: PublicKey) -> Answer:
    return query.ask(subject.ssh_username, key.type, base64.b64decode(key.blob), step.deadline)


def _ask_next(subject: Subject, step: Step, query: SshQuery) -> Answer | None:
    """Return what the server says of a next key; None where there is none, or the server has heard enough."""
    if subject.next_ssh_key is None:
        return None
    try:
        return _ask(subject, step, query, subject.next_ssh_key)
    except ConnectionResetError:
        return None


def _report_present(subject: Subject, step: Step, answer: Answer, key: PublicKey) -> None:
    if answer.accepted and answer.algorithm == "ssh-rsa":
        step.report("sftp.sha1_signature")
    elif answer.accepted:
        step.report("sftp.key_accepted", username=subject.ssh_username, fingerprint=key.fingerprint)
    elif "publickey" in answer.methods:
        step.report("sftp.key_not_accepted", username=subject.ssh_username, fingerprint=key.fingerprint)
    else:
        step.report("sftp.no_public_keys", methods=", ".join(answer.methods))
