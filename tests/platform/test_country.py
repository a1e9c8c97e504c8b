"""The simulated country of P9, in small: one endpoint of each kind gives the code that the benchmark counts on."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.country import DOMAIN, address_of
from benchmarks.settlers import ORGANISATIONS, _fields
from benchmarks.sweep import FAILING, country
from systems.steps.recording import StepStatus
from systems.steps.subject import Subject
from tests.systems.checks import carry_out, outline

pytestmark = pytest.mark.once


def subject(fields: dict[str, Any]) -> Subject:
    """Return what a check is about, of the fields that the benchmark gives a system."""
    return Subject(
        protocol=fields["service_protocol"],
        places=(fields["endpoint"],) if "endpoint" in fields else (),
        relay_host=fields.get("smtp_relay_host", ""),
        relay_port=fields.get("smtp_relay_port"),
        ssh_host=fields.get("sftp_host", ""),
        ssh_port=fields.get("sftp_port", 22),
    )


# The numbers are places in the table of the benchmark; the code is that of the step that failed.
KINDS = {
    7: ("DIAL", "dial.refused"),
    11: ("TLS", "tls.expired"),
    12: ("KEX", ""),
    20: ("", ""),
    60: ("", ""),
    85: ("", ""),
}


def test_every_kind_of_endpoint(tmp_path: Path, settings: Any) -> None:
    with country(tmp_path) as places:
        settings.ADGANG_DNS_SERVERS = [f"127.0.0.1:{places['dns']}"]
        settings.ADGANG_EXTRA_CA_FILE = places["ca"]
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.64.0.0/10", f"127.64.0.0/10:{places['smtp']}"]
        for number, (step, code) in KINDS.items():
            steps = carry_out(subject(_fields(number, places)), seconds=30)
            failed = [(name, codes) for name, status, codes in outline(steps) if status == StepStatus.FAILED]
            assert [name for name, _codes in failed[:1]] == ([step] if step else []), (number, failed)
            assert not code or code in failed[0][1]


def test_the_country_is_as_large_and_as_broken_as_the_bar_asks() -> None:
    places = {"hole": 1, "refused": 2, "expired": 3, "ssh": 4, "https": 5, "smtp": 6}
    ends = [json.dumps(_fields(number, places)) for number in range(100)]
    assert [sum(f":{port}/" in end for end in ends) for port in (1, 2, 3)] == [5, 5, 2]
    assert sum('"SFTP"' in end for end in ends) == FAILING - 12 == 2
    assert len({address_of(f"s{number}.{DOMAIN}") for number in range(2000)}) > 1990
    assert ORGANISATIONS == 100


@pytest.mark.parametrize("name", ["s1.land.test", "S1.LAND.TEST"])
def test_names_lead_to_one_address_of_their_own(name: str) -> None:
    assert address_of(name) == address_of("s1.land.test")
    assert address_of(name).startswith("127.")
