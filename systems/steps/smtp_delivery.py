"""Sending a test message through the mail server that was checked, over the same encrypted conversation.

Only where the owner has allowed it; whether it could be opened a person says afterwards, on the page of the check.
"""

from django.conf import settings

from systems.step_codes import StepCode
from systems.steps.dialling import mail_address
from systems.steps.enveloping import enveloped
from systems.steps.recording import Recorder, Step, StepStatus
from systems.steps.smtp_talk import SmtpTalk
from systems.steps.subject import Subject, TrialMessage

SECONDS = 15
ACCEPTED = ("recipient.accepted", "recipient.not_verified")


def deliver(subject: Subject, recorder: Recorder, place: str, talk: SmtpTalk) -> None:
    """Take the step DELIVER, or keep why it was not taken."""
    message, reason = subject.message, _withheld(subject, recorder, place)
    if reason or message is None:
        recorder.skip(StepCode.DELIVER, reason or "message.too_soon", place=place)
        return
    with recorder.step(StepCode.DELIVER, place=place, seconds=SECONDS) as step:
        _hand_over(recorder, step, place, talk, message)


def _withheld(subject: Subject, recorder: Recorder, place: str) -> str:
    taken = {step.code: step for step in recorder.steps if step.place == place}
    if subject.message is None:
        return subject.withheld
    if taken[StepCode.TLS].status is StepStatus.FAILED:
        return "message.not_trusted"
    if not any(found.code in ACCEPTED for found in taken[StepCode.RECIPIENT].findings):
        return "message.no_mailbox"
    return ""


def _hand_over(recorder: Recorder, step: Step, place: str, talk: SmtpTalk, message: TrialMessage) -> None:
    local, domain = mail_address(place)
    host = settings.ADGANG_EHLO_NAME
    sender = settings.ADGANG_MAIL_FROM or f"adgang@{host}"
    mail = enveloped(message, sender=sender, recipient=f"{local}@{domain}", host=host, at=recorder.at)
    step.found = {"message_id": f"{message.id}@{host}"}
    for line in (f"MAIL FROM:<{settings.ADGANG_MAIL_FROM}>", f"RCPT TO:<{local}@{domain}>"):
        reply = talk.command(line, step.deadline)
        if reply.code >= 400:
            step.report("message.put_off" if reply.code < 500 else "message.refused", reply=reply.shown)
            return
    reply = talk.command("DATA", step.deadline)
    if reply.code == 354:
        reply = talk.data(mail, step.deadline)
    step.found["reply"] = reply.shown
    if reply.code >= 400 or reply.code == 354:
        step.report("message.put_off" if reply.code < 500 else "message.refused", reply=reply.shown)
        return
    step.report("message.handed_over", mailbox=place, reply=reply.shown)
