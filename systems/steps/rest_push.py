"""REST push: does the endpoint answer over TLS with a certificate that holds, and who does it let in?"""

import re
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from adgang.lib.dial import Ports, Target
from adgang.lib.failures import Failure
from systems.step_codes import StepCode
from systems.steps.credential import check_credential
from systems.steps.dialling import connect, resolve_host
from systems.steps.https_talk import ask
from systems.steps.recording import Recorder, Step
from systems.steps.rest_delivery import deliver
from systems.steps.subject import Subject
from systems.steps.tls import secure
from systems.steps.tls_handshake import Handshake

PROTOCOL_SECONDS = 15
HTTPS_PORT = 443
# What servers answer that ask for a certificate in TLS and refuse in HTTP: nginx 400, others 401, 403 or 496.
REFUSED_STATUS = (400, 401, 403, 495, 496)
UNSAFE = re.compile(r"[^\x21-\x7e]")
PLAN_TLS = (StepCode.RESOLVE, StepCode.DIAL, StepCode.TLS)
PLAN = (*PLAN_TLS, StepCode.CLIENT_CERTIFICATE)


def plan(subject: Subject, place: str) -> Sequence[StepCode]:
    """Return the steps of one address; a message is delivered to that of messages alone, where its owner allows it."""
    return (*PLAN, StepCode.DELIVER) if place and place == subject.deliver_to else PLAN


def plan_tls(_subject: Subject, _place: str) -> Sequence[StepCode]:
    """Return the steps of an address that is not dialled beyond TLS."""
    return PLAN_TLS


def check_rest_push(subject: Subject, recorder: Recorder) -> None:
    """Check a system to which messages (or receipts) are posted."""
    check_credential(subject, recorder)
    for place in subject.places:
        steps = plan(subject, place)
        with recorder.place(place, steps):
            _check_endpoint(subject, recorder, place, steps)


def check_tls_only(subject: Subject, recorder: Recorder) -> None:
    """Check a system of a protocol that is not dialled beyond TLS (AS4)."""
    check_credential(subject, recorder)
    for place in subject.places:
        with recorder.place(place, PLAN_TLS):
            _check_endpoint(subject, recorder, place, PLAN_TLS)


def endpoint_url(place: str) -> tuple[SplitResult, str, int]:
    """Return the parts, host and port of an endpoint. Raises Failure `endpoint.not_https`."""
    try:
        url = urlsplit(place)
        host, port = url.hostname or "", url.port or HTTPS_PORT
    except ValueError as error:
        raise Failure("endpoint.not_https", endpoint=place) from error
    if url.scheme != "https" or not host or url.username is not None or UNSAFE.search(place):
        raise Failure("endpoint.not_https", endpoint=place)
    return url, host, port


def _check_endpoint(subject: Subject, recorder: Recorder, place: str, steps: Sequence[StepCode]) -> None:
    try:
        url, host, port = endpoint_url(place)
    except Failure as failure:
        with recorder.step(StepCode.RESOLVE, place=place, seconds=1):
            raise failure
    targets = resolve_host(recorder, place, host)
    reached = connect(recorder, place, targets, port, Ports.HTTPS)
    try:
        handshake = secure(recorder, place, reached, alpn=("http/1.1",))
        if StepCode.CLIENT_CERTIFICATE in steps:
            _client_certificate(recorder, place, handshake, url)
    finally:
        reached.connection.close()
    if StepCode.DELIVER in steps:
        answered = Target(host=reached.host, addresses=(ip_address(reached.address),))
        deliver(subject, recorder, place, answered, url, port)


def _client_certificate(recorder: Recorder, place: str, handshake: Handshake, url: SplitResult) -> None:
    """We hold no certificate of Digital Post to show; whether the server asks for one is all that can be told."""
    with recorder.step(StepCode.CLIENT_CERTIFICATE, place=place, seconds=PROTOCOL_SECONDS) as step:
        asked, connection = handshake.client_certificate_asked, handshake.connection
        status = _http_status(step, connection, url, asked=asked) if connection else None
        step.found |= {"asked": asked, "http_status": status}
        if not asked:
            step.report("client_certificate.not_asked")
        elif status is None or status in REFUSED_STATUS:
            step.report("client_certificate.required")
        else:
            step.report("client_certificate.asked")


def _http_status(step: Step, connection: ssl.SSLSocket, url: SplitResult, *, asked: bool) -> int | None:
    """Return the status of a HEAD request; None when the server broke off because it wanted a certificate.

    Under TLS 1.3 the server decides after our handshake is over, so its refusal shows on the first read only.
    """
    try:
        return _head(connection, url, step)
    except (ssl.SSLError, ConnectionError):
        if not asked:
            raise
        return None


def _head(connection: ssl.SSLSocket, url: SplitResult, step: Step) -> int:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    request = f"HEAD {target} HTTP/1.1\r\nHost: {url.netloc}\r\nUser-Agent: Adgang\r\nConnection: close\r\n\r\n"
    answer = ask(connection, request.encode("ascii"), step.deadline)
    step.found["http_reason"] = answer.reason
    return answer.status
