"""SFTP: is it the server we know, and would it let the registered user in with the registered key?"""

import base64
import hashlib

from adgang.lib.dial import Ports
from adgang.lib.failures import Failure
from systems.step_codes import StepCode
from systems.steps.credential import check_credential
from systems.steps.dialling import Reached, connect, resolve_host
from systems.steps.recording import Recorder, Step
from systems.steps.ssh_identification import peek_identification
from systems.steps.ssh_query import Answer, SshQuery
from systems.steps.subject import PublicKey, Subject

PROTOCOL_SECONDS = 15
PLAN = (
    StepCode.RESOLVE, StepCode.DIAL, StepCode.BANNER, StepCode.KEX, StepCode.HOST_KEY, StepCode.KEY_ACCEPTED,
)  # fmt: skip


def check_sftp(subject: Subject, recorder: Recorder) -> None:
    """Check a system that fetches and delivers files by SFTP; without a server of its own there is only the key."""
    check_credential(subject, recorder)
    if not subject.ssh_host:
        recorder.skip(StepCode.DIAL, "sftp.digital_post_is_server")
        return
    place = f"{subject.ssh_host}:{subject.ssh_port}"
    with recorder.place(place, PLAN):
        targets = resolve_host(recorder, place, subject.ssh_host)
        reached = connect(recorder, place, targets, subject.ssh_port, Ports.SFTP)
        try:
            _converse(subject, recorder, place, reached)
        finally:
            reached.connection.close()


def _converse(subject: Subject, recorder: Recorder, place: str, reached: Reached) -> None:
    with recorder.step(StepCode.BANNER, place=place, seconds=PROTOCOL_SECONDS) as step:
        banner = peek_identification(reached.connection, step.deadline)
        step.found = {"banner": banner}
        step.report("sftp.greeted", banner=banner)
    query = SshQuery(reached.connection)
    try:
        _host_key(subject, recorder, place, _key_exchange(subject, recorder, place, query))
        _key_accepted(subject, recorder, place, query)
    finally:
        query.close()


def _key_exchange(subject: Subject, recorder: Recorder, place: str, query: SshQuery) -> PublicKey:
    with recorder.step(StepCode.KEX, place=place, seconds=PROTOCOL_SECONDS) as step:
        key = query.negotiate(step.deadline, prefer_host_key=subject.pinned_host_key.partition(" ")[0])
        weak = query.offer.weak() if query.offer else []
        step.found = {"agreed": query.agreed, "weak": weak}
        if weak:
            step.report("sftp.weak_algorithms", weak=", ".join(weak))
        step.report("sftp.key_exchanged", cipher=query.agreed["cipher"])
    return public_key(key.get_name(), key.asbytes())


def public_key(type_: str, blob: bytes) -> PublicKey:
    """Return a key with its fingerprint as `ssh-keygen -l` shows it."""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(type=type_, blob=base64.b64encode(blob).decode(), fingerprint=f"SHA256:{digest}")


def pinned_key(line: str) -> PublicKey:
    """Read a pinned host key, kept as `type base64`."""
    type_, _, blob = line.partition(" ")
    return public_key(type_, base64.b64decode(blob))


def _host_key(subject: Subject, recorder: Recorder, place: str, key: PublicKey) -> None:
    with recorder.step(StepCode.HOST_KEY, place=place, seconds=PROTOCOL_SECONDS) as step:
        step.found = {"type": key.type, "fingerprint": key.fingerprint, "host_key": f"{key.type} {key.blob}"}
        if subject.pinned_host_key:
            _compare(step, pinned_key(subject.pinned_host_key), key)
            return
        step.report("sftp.host_key_not_pinned", fingerprint=key.fingerprint)
        earlier = recorder.before(StepCode.HOST_KEY, place).get("fingerprint")
        if earlier and earlier != key.fingerprint:
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
