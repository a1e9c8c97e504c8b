"""The step CREDENTIAL: would the certificate or key that is registered be accepted today?

With it goes what else the system must have before anything can be dialled.
"""

from systems.step_codes import StepCode
from systems.steps.recording import Recorder
from systems.steps.subject import Subject

SECONDS = 5


def check_credential(subject: Subject, recorder: Recorder) -> None:
    """Take the step. A bad credential ends nothing: the connection is a question of its own."""
    with recorder.step(StepCode.CREDENTIAL, seconds=SECONDS) as step:
        step.found = dict(subject.credential)
        step.findings = list(subject.credential_findings)
        if not step.findings:
            step.report("credential.in_force")
    for lacking in subject.lacking_endpoints:
        recorder.fail(StepCode.RESOLVE, lacking)
