"""Getting the known authorities from where they are published; their fingerprints decide whether they are the right."""

from adgang.lib.deadlines import Deadline
from adgang.lib.dial import Ports
from adgang.lib.failures import Failure
from adgang.lib.findings import Finding, finding
from adgang.lib.http import fetch
from certificates.authorities import Authority, addressed
from certificates.kinds import Environment
from certificates.reading import LIMIT_KIB, read_authorities
from certificates.trusting import Trusted, trust
from organisations.callers import Caller

SECONDS = 15  # for one file


def fetch_and_trust(*, caller: Caller, environment: Environment) -> Trusted:
    """Install the published authorities of an environment: all of them, or none when one is missing or another.

    The addresses are plain http: nothing of what comes is believed before its SHA-256 is the pinned one.
    """
    files: list[tuple[str, bytes]] = []
    findings: list[tuple[str, Finding]] = []
    for authority in addressed(environment):
        got = _get(authority)
        if isinstance(got, Finding):
            findings.append((authority.address, got))
        else:
            files.append((authority.address, got))
    if findings:
        return Trusted([], [], findings)
    return trust(caller=caller, files=files, environment=environment, unpinned=False)


def _get(authority: Authority) -> bytes | Finding:
    subject = authority.common_name
    try:
        answer = fetch(authority.address, limit=LIMIT_KIB * 1024, deadline=Deadline(SECONDS), ports=Ports.REVOCATION)
    except Failure as failure:
        return finding("trust.not_fetched", subject=subject, address=authority.address, detail=failure.code)
    found = read_authorities(answer.body)
    if isinstance(found, Finding) or [details.sha256 for details in found] != [authority.sha256]:
        return finding("trust.fingerprint", subject=subject, address=authority.address, sha256=authority.sha256)
    return answer.body
