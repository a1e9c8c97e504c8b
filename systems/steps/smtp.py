"""SMTP: may a message be handed over for the mailbox? Asked up to `RCPT TO`; sent is one where its owner allows it."""

import contextlib
import re
from collections.abc import Sequence

from django.conf import settings

from adgang.lib.dial import Ports
from adgang.lib.failures import Failure
from systems.step_codes import StepCode
from systems.steps.credential import check_credential
from systems.steps.dialling import Reached, connect, mail_address, resolve_host, resolve_mail
from systems.steps.recording import Recorder, Step
from systems.steps.smtp_delivery import deliver
from systems.steps.smtp_talk import Reply, SmtpTalk
from systems.steps.subject import Subject
from systems.steps.tls import secure

PROTOCOL_SECONDS = 15
PORT = 25
IMPLICIT_TLS_PORT = 465
PLAN = (
    StepCode.RESOLVE, StepCode.DIAL, StepCode.BANNER, StepCode.EHLO, StepCode.STARTTLS, StepCode.TLS,
    StepCode.EHLO_AGAIN, StepCode.RECIPIENT, StepCode.QUIT,
)  # fmt: skip
PLAN_IMPLICIT = (
    StepCode.RESOLVE, StepCode.DIAL, StepCode.TLS, StepCode.BANNER, StepCode.EHLO, StepCode.RECIPIENT, StepCode.QUIT,
)  # fmt: skip
# A refusal on grounds of who asks says nothing of the mailbox. Old servers give no enhanced code (RFC 3463 X.7.x).
POLICY = re.compile(r"relay|polic|block|blacklist|denied|authenticat|spam|reputation", re.IGNORECASE)


def check_smtp(subject: Subject, recorder: Recorder) -> None:
    """Check a system that receives (or gets its receipts) by mail."""
    check_credential(subject, recorder)
    for place in subject.places:
        with recorder.place(place, plan(subject, place)):
            _check_mailbox(subject, recorder, place)


def plan(subject: Subject, place: str) -> Sequence[StepCode]:
    """Return the steps of one address; a message is sent to that of messages alone."""
    steps = PLAN_IMPLICIT if subject.relay_port == IMPLICIT_TLS_PORT else PLAN
    return (*steps[:-1], StepCode.DELIVER, steps[-1]) if place and place == subject.deliver_to else steps


def _check_mailbox(subject: Subject, recorder: Recorder, place: str) -> None:
    relay = subject.relay_host
    targets = resolve_host(recorder, place, relay) if relay else resolve_mail(recorder, place)
    port = subject.relay_port or PORT
    reached = connect(recorder, place, targets, port, Ports.SMTP)
    try:
        begin = _open_secured if port == IMPLICIT_TLS_PORT else _open
        talk = begin(recorder, place, reached)
        _ask_for_mailbox(recorder, place, talk)
        if place == subject.deliver_to:
            deliver(subject, recorder, place, talk)
        _quit(recorder, place, talk)
    finally:
        reached.connection.close()


def _open(recorder: Recorder, place: str, reached: Reached) -> SmtpTalk:
    talk = SmtpTalk(reached.connection)
    _banner(recorder, place, talk)
    capabilities = _ehlo(recorder, place, talk, StepCode.EHLO)
    with recorder.step(StepCode.STARTTLS, place=place, seconds=PROTOCOL_SECONDS) as step:
        if "STARTTLS" not in capabilities:
            raise Failure("smtp.no_starttls", host=reached.host)
        if (reply := talk.command("STARTTLS", step.deadline)).code != 220:
            raise Failure("smtp.starttls_refused", reply=reply.shown)
        step.report("smtp.starttls_offered")
    handshake = secure(recorder, place, reached)
    with recorder.step(StepCode.EHLO_AGAIN, place=place, seconds=PROTOCOL_SECONDS) as step:
        if handshake.connection is None:
            raise Failure("smtp.client_certificate")
        talk.upgrade(handshake.connection)
        _greet(step, talk)
    return talk


def _open_secured(recorder: Recorder, place: str, reached: Reached) -> SmtpTalk:
    handshake = secure(recorder, place, reached)
    talk = SmtpTalk(handshake.connection or reached.connection)
    _banner(recorder, place, talk)
    _ehlo(recorder, place, talk, StepCode.EHLO)
    return talk


def _banner(recorder: Recorder, place: str, talk: SmtpTalk) -> None:
    with recorder.step(StepCode.BANNER, place=place, seconds=PROTOCOL_SECONDS) as step:
        try:
            reply = talk.reply(step.deadline)
        except TimeoutError as error:
            raise Failure("smtp.silent", seconds=PROTOCOL_SECONDS) from error
        step.found = {"banner": reply.shown}
        if reply.code >= 500:
            raise Failure("smtp.turned_away", reply=reply.shown)
        if reply.code >= 400:
            raise Failure("smtp.unavailable", reply=reply.shown)
        step.report("smtp.greeted", banner=reply.text)


def _ehlo(recorder: Recorder, place: str, talk: SmtpTalk, code: StepCode) -> frozenset[str]:
    with recorder.step(code, place=place, seconds=PROTOCOL_SECONDS) as step:
        return _greet(step, talk)


def _greet(step: Step, talk: SmtpTalk) -> frozenset[str]:
    reply = talk.command(f"EHLO {settings.ADGANG_EHLO_NAME}", step.deadline)
    if reply.code != 250:
        raise Failure("smtp.ehlo_refused", reply=reply.shown, name=settings.ADGANG_EHLO_NAME)
    words = sorted({line.split()[0].upper()[:40] for line in reply.lines[1:] if line.split()})
    step.found = {"capabilities": words[:30]}
    step.report("smtp.ehlo_accepted", name=settings.ADGANG_EHLO_NAME)
    return frozenset(words)


def _ask_for_mailbox(recorder: Recorder, place: str, talk: SmtpTalk) -> None:
    with recorder.step(StepCode.RECIPIENT, place=place, seconds=PROTOCOL_SECONDS) as step:
        local, domain = mail_address(place)
        sender = talk.command(f"MAIL FROM:<{settings.ADGANG_MAIL_FROM}>", step.deadline)
        if sender.code >= 400:
            step.report("smtp.sender_deferred" if sender.code < 500 else "smtp.sender_refused", reply=sender.shown)
            return
        reply = talk.command(f"RCPT TO:<{local}@{domain}>", step.deadline)
        step.found = {"reply": reply.shown}
        step.report(recipient_code(reply), mailbox=place, reply=reply.shown)
        with contextlib.suppress(OSError, Failure):
            talk.command("RSET", step.deadline)


def recipient_code(reply: Reply) -> str:
    """Classify the reply to `RCPT TO` (RFC 5321 §4.2.3, RFC 3463)."""
    if reply.code == 252:
        return "recipient.not_verified"
    if reply.code < 300:
        return "recipient.accepted"
    if reply.enhanced.endswith(".2.2") or reply.code == 552:
        return "recipient.full"
    if reply.code < 500:
        return "recipient.deferred"
    if reply.enhanced.startswith("5.1.") or (not reply.enhanced and not POLICY.search(reply.text)):
        return "recipient.refused"
    if reply.enhanced.startswith("5.7.") or reply.code == 530 or POLICY.search(reply.text):
        return "recipient.policy"
    return "recipient.refused"


def _quit(recorder: Recorder, place: str, talk: SmtpTalk) -> None:
    """Say goodbye. Many a server hangs up first; nothing depends on its answer."""
    with recorder.step(StepCode.QUIT, place=place, seconds=2) as step:
        try:
            talk.command("QUIT", step.deadline)
        except (OSError, Failure):
            step.report("smtp.hung_up")
        else:
            step.report("smtp.said_goodbye")
