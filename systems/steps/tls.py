"""The step TLS, the same for every protocol: version, chain, host name, expiry, key, cipher."""

from systems.step_codes import StepCode
from systems.steps.dialling import Reached
from systems.steps.recording import Recorder, Step
from systems.steps.server_certificates import judge
from systems.steps.tls_handshake import Handshake, shake

TLS_SECONDS = 10
OLD_VERSIONS = ("SSLv3", "TLSv1", "TLSv1.1")


def secure(recorder: Recorder, place: str, reached: Reached, *, alpn: tuple[str, ...] = ()) -> Handshake:
    """Take the step TLS over an open connection. What is wrong with the certificate is told, but ends nothing."""
    with recorder.step(StepCode.TLS, place=place, seconds=TLS_SECONDS) as step:
        handshake = shake(reached.connection, reached.host, step.deadline, alpn=alpn)
        reached.connection = handshake.connection or reached.connection
        certificate = judge(handshake.chain, reached.host, at=recorder.at)
        step.found = {"version": handshake.version, "cipher": handshake.cipher} | certificate.found
        if handshake.version in OLD_VERSIONS:
            step.report("tls.old_version", version=handshake.version)
        for code, params in certificate.faults:
            step.report(code, **params)
        _tell_change(recorder, step, place)
        step.report("tls.connected", version=handshake.version, days=step.found["days_left"])
    return handshake


def _tell_change(recorder: Recorder, step: Step, place: str) -> None:
    earlier = recorder.before(StepCode.TLS, place).get("fingerprint")
    if earlier and earlier != step.found["fingerprint"]:
        step.report("tls.certificate_changed")
