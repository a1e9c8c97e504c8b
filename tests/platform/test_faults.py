"""R1 in short: a worker is killed while it checks, the queue is flushed, the broker restarts."""

from pathlib import Path

import pytest

from benchmarks import faults


@pytest.mark.parametrize("broker", [faults.redis_broker, faults.folder_broker], ids=["redis", "folder"])
def test_every_run_ends_once(broker, tmp_path: Path, require_service) -> None:
    require_service("redis-server", "redis-server")
    with broker(tmp_path) as made:
        outcome = faults.survive(tmp_path, made, runs=12, mails=3, kills=1, workers=1, ahead=80)
    assert outcome.is_right, outcome.words()
    assert outcome.facts["asked"] == 12
    assert sum(outcome.killed) > 0
