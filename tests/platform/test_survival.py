"""S1 in short: the production shape with people at work, in which every fault happens once."""

from collections.abc import Callable

import pytest

from benchmarks.shape import FAKETIME
from benchmarks.survival import survive
from tests.servers.postgres import programs


@pytest.mark.postgresql
def test_nothing_is_lost_and_nobody_sees_an_error(require_service: Callable[..., str]) -> None:
    require_service("nginx")
    require_service("Redis", "redis-server")
    if programs() is None:
        require_service("postgresql", "initdb")
    if not FAKETIME.exists():
        require_service("faketime", "no-such-library")
    survived = survive(minutes=0)
    assert not survived.faults, survived.words()
    assert survived.ledger.signed_in
    assert survived.ledger.runs
    assert survived.ledger.groups
