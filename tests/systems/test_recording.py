"""What a check keeps of its steps."""

import datetime as dt

from adgang.lib.failures import Failure
from systems.models import CheckRun
from systems.step_codes import StepCode
from systems.steps.recording import Halt, Recorder
from systems.steps.server_certificates import judge
from systems.steps.ssh_offer import Offer
from tests.factories.systems import system
from tests.servers.certificates import server_certificate

TRICKS = "a\0b\x1b[31m\u202e"
SHOWN = "a b [31m "
AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def test_nothing_of_a_server_that_is_kept_moves_a_terminal(db):
    kept = []
    recorder = Recorder(protocol="SMTP", at=AT, save=kept.append)
    try:
        with recorder.step(StepCode.EHLO, seconds=1) as step:
            step.found = {"capabilities": [TRICKS], "days": 3, "deep": {"reply": TRICKS}}
            raise Failure("smtp.ehlo_refused", reply=TRICKS, name="os")
    except Halt:
        pass
    (saved,) = kept[-1]
    assert saved["found"] == {"capabilities": [SHOWN], "days": 3, "deep": {"reply": SHOWN}}
    assert [found["params"] for found in saved["findings"]] == [{"reply": SHOWN, "name": "os"}]
    # PostgreSQL takes no NUL in JSON: the whole check would have been given up as a fault of ours.
    run = CheckRun.objects.create(system=system(), protocol="SMTP", trigger="MANUAL", steps=kept[-1])
    run.refresh_from_db()
    assert run.steps == kept[-1]


def test_what_was_saved_stays_as_it_was_when_more_steps_follow():
    kept = []
    recorder = Recorder(protocol="SFTP", at=AT, save=kept.append)
    plan = (StepCode.RESOLVE, StepCode.DIAL, StepCode.BANNER)
    with recorder.place("sftp.example:22", plan):
        with recorder.step(StepCode.RESOLVE, place="sftp.example:22", seconds=1) as step:
            step.report("resolve.found", host="sftp.example", addresses="192.0.2.1")
        with recorder.step(StepCode.DIAL, place="sftp.example:22", seconds=1):
            raise Failure("dial.refused", address="192.0.2.1", port=22)
    outlines = [[(step["code"], step["status"]) for step in steps] for steps in kept]
    first, second, third = ("RESOLVE", "ok"), ("DIAL", "failed"), ("BANNER", "skipped")
    assert outlines == [[first], [first, second], [first, second, third]]
    assert [step.as_json() for step in recorder.steps] == kept[-1]


def test_names_in_a_servers_certificate_are_cut():
    shown = server_certificate(None, "a\0b\x1b[31m", "x" * 500, now=AT)
    judged = judge([shown.der], "post.example", at=AT)
    names = ["a b [31m", "x" * 200]
    assert (judged.found["subject"], judged.found["names"]) == ("a b [31m", names)
    assert ("tls.wrong_name", {"host": "post.example", "names": ", ".join(names)}) in judged.faults


def test_names_of_weak_algorithms_are_cut():
    offer = Offer(key_exchange=[], host_keys=[], ciphers=[TRICKS + "x" * 500 + "-cbc"], macs=[])
    assert offer.weak() == [SHOWN + "x" * 191]
