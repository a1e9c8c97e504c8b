"""Delivering a test message over https, as Digital Post would: one POST with the MeMo as the part `file` of a form.

Only where the owner has allowed it, to a server whose certificate holds, over a connection of its own: the one before
was used up by the question about client certificates.
"""

import uuid
from urllib.parse import SplitResult

from adgang.lib.dial import Ports, Target, dial
from adgang.lib.failures import Failure
from adgang.lib.findings import Severity
from systems.step_codes import StepCode
from systems.step_texts import step_finding
from systems.steps.https_talk import Answer, ask
from systems.steps.recording import Recorder, Step, StepStatus
from systems.steps.server_certificates import judge
from systems.steps.subject import Subject, TrialMessage
from systems.steps.tls_handshake import Handshake, shake

SECONDS = 15
# What an HTTP status says of a delivery; the others by their first digit.
CODES = {
    401: "message.not_let_in",
    403: "message.not_let_in",
    404: "message.no_such_path",
    405: "message.no_post",
    410: "message.no_such_path",
    413: "message.too_large",
    415: "message.wrong_form",
    429: "message.busy",
    495: "message.not_let_in",
    496: "message.not_let_in",
    503: "message.busy",
}
CLASSES = {2: "message.delivered", 3: "message.redirected", 4: "message.rejected", 5: "message.server_fault"}


def deliver(subject: Subject, recorder: Recorder, place: str, target: Target, url: SplitResult, port: int) -> None:
    """Take the step DELIVER; `target` holds the one address that answered before."""
    if reason := _withheld(subject, recorder, place):
        recorder.skip(StepCode.DELIVER, reason, place=place)
        return
    message = subject.message
    with recorder.step(StepCode.DELIVER, place=place, seconds=SECONDS) as step:
        dialled = dial(target, port, ports=Ports.HTTPS, deadline=step.deadline)
        with dialled.socket as plain:
            handshake = shake(plain, target.host, step.deadline, alpn=("http/1.1",))
            _post(recorder, step, handshake, target.host, url, message or TrialMessage(id="", content=b""))


def _withheld(subject: Subject, recorder: Recorder, place: str) -> str:
    """Return why nothing is delivered; "" when something is."""
    taken = {step.code: step for step in recorder.steps if step.place == place}
    if subject.message is None:
        return subject.withheld or "message.too_soon"
    if taken[StepCode.TLS].status is StepStatus.FAILED:
        return "message.not_trusted"
    asked = taken[StepCode.CLIENT_CERTIFICATE]
    if any(found.code == "client_certificate.required" for found in asked.findings):
        return "message.certificate_wanted"
    return ""


def _post(
    recorder: Recorder, step: Step, handshake: Handshake, host: str, url: SplitResult, message: TrialMessage
) -> None:
    if handshake.connection is None:
        raise Failure("message.certificate_wanted_now")
    with handshake.connection as connection:
        faults = judge(handshake.chain, host, at=recorder.at).faults
        if any(step_finding(code, step.protocol).severity is Severity.ERROR for code, _ in faults):
            raise Failure("message.not_trusted_now")
        answer = ask(connection, request(url, message), step.deadline)
    step.found = {"http_status": answer.status, "http_reason": answer.reason, "message_id": message.id}
    step.report(verdict(answer), answer=answer.shown, message=message.id)


def verdict(answer: Answer) -> str:
    """Return the code of what the server made of the message."""
    return CODES.get(answer.status) or CLASSES.get(answer.status // 100, "message.server_fault")


def request(url: SplitResult, message: TrialMessage) -> bytes:
    """Return the whole request: a form of one part named `file`."""
    boundary, filename = str(uuid.uuid4()), f"{message.id}.xml"
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    part = (
        f"--{boundary}\r\nContent-Type: application/xml\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    )
    body = part.encode("ascii") + message.content + f"\r\n--{boundary}--\r\n".encode("ascii")
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {url.netloc}\r\nUser-Agent: Adgang\r\nAccept: */*\r\n"
        f"Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
