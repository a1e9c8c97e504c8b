"""R3: hostile uploads of certificates and keys, to the rules and through a page."""

import json
import logging
import resource
import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from benchmarks.registry import Measurement, benchmark
from certificates.judging import judge
from certificates.kinds import Environment
from certificates.models import Certificate, SshKey
from certificates.reading import read_certificate
from certificates.ssh_keys import judge_ssh_key
from organisations.models import Event
from tests.factories import certificates as make
from tests.factories import hostile
from tests.factories.organisations import Role, client_for, organisation, user_with

UPLOADS, THROUGH_THE_PAGE = 10_000, 10  # one in ten
BAR_SECONDS, BAR_MIB = 2.0, 100


@benchmark("R3", "10,000 hostile uploads: certificates and keys")
def survived() -> Measurement:
    """Judge every upload as certificate and as key; hand every tenth in on the page of one's own certificate."""
    here = organisation()
    client = client_for(user_with(Role.READER, organisation=here))
    client.raise_request_exception = False
    make.install_anchors()
    events, before = Event.objects.count(), memory()
    slowest, faults = 0.0, 0
    logging.disable(logging.INFO)  # a thousand lines that say 200
    for number, upload in enumerate(hostile.uploads(UPLOADS)):
        started = time.perf_counter()
        said, failed = _judged(upload), False
        if number % THROUGH_THE_PAGE == 0:
            answer, failed = _handed_in(client, here.cvr_number, upload)
            said += answer
        slowest = max(slowest, time.perf_counter() - started)
        faults += failed or upload.echoed(said)
    kept = sum(upload_kept.count() for upload_kept in (SshKey.objects, Certificate.objects.exclude(kind="MOCES")))
    grown = memory() - before
    return Measurement(
        value=faults + kept,
        unit="failures or echoes",
        bar=f"none; ≤ {BAR_SECONDS:.0f} s each, memory ≤ {BAR_MIB} MiB more",
        met=faults + kept == 0 and slowest <= BAR_SECONDS and grown <= BAR_MIB,
        notes=f"slowest {slowest * 1000:.0f} ms, memory grown by {grown:.0f} MiB, {Event.objects.count() - events} "
        f"events; {UPLOADS // THROUGH_THE_PAGE:,} of them through the page",
    )


def _judged(upload: hostile.Upload) -> bytes:
    reading, anchors = read_certificate(upload.content), make.the_anchors()
    verdict = judge(reading, at=make.AT, environment=Environment.TEST, anchors=anchors)
    verdicts = (verdict, judge_ssh_key(upload.content))
    return json.dumps([found.as_json() for found in verdicts]).encode()


def _handed_in(client: Client, cvr: str, upload: hostile.Upload) -> tuple[bytes, bool]:
    """Return what the page said, and whether it failed."""
    file = SimpleUploadedFile("certifikat.cer", upload.content)
    answer = client.post(f"/o/{cvr}/mit-certifikat/", {"file": file})
    return answer.content, answer.status_code >= 500


def memory() -> float:
    """Return the most memory this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
