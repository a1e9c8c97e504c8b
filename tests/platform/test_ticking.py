"""Beat's ticks: by a clock that nobody turns, kept nowhere, all of them some time after the start."""

from pathlib import Path

import pytest

from adgang import schedule
from adgang.celery import app
from adgang.serve import health, ticking


class Clock:
    """The two clocks of a machine."""

    def __init__(self) -> None:
        self.passed, self.day = 1000.0, 1_800_000_000.0

    def monotonic(self) -> float:
        return self.passed

    def time(self) -> float:
        return self.day


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(ticking, "time", clock)
    return clock


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(ticking.Ticks, "apply_entry", lambda _self, entry, producer=None: names.append(entry.name))
    monkeypatch.setattr(ticking.Ticks, "producer", None)
    return names


def test_every_tick_comes_within_a_minute_of_the_start_and_then_in_its_time(clock: Clock, sent: list[str]) -> None:
    ticks = ticking.Ticks(app)
    assert ticks.tick() == 10
    assert sent == []
    clock.passed += 60
    ticks.tick()
    assert set(sent) == set(schedule.TICKS)
    sent.clear()
    clock.passed += 10
    ticks.tick()
    assert "beat.tick" in sent
    assert "checkpoint" not in sent
    clock.passed += 24 * 3600
    ticks.tick()
    assert "checkpoint" in sent


def test_a_day_that_is_turned_back_changes_nothing(clock: Clock, sent: list[str]) -> None:
    ticks = ticking.Ticks(app)
    ticks.tick()
    clock.day -= 3600
    clock.passed += 10
    ticks.tick()
    assert "beat.tick" in sent


def test_beat_shows_that_it_lives(
    clock: Clock, sent: list[str], settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ADGANG_BEAT_SIGN = str(tmp_path / "beat")
    monkeypatch.setenv("ADGANG_BEAT_SIGN", settings.ADGANG_BEAT_SIGN)
    monkeypatch.setattr(health, "time", clock)
    monkeypatch.setattr("sys.argv", ["health", "beat"])
    assert health.main() == 1
    ticking.Ticks(app).tick()
    assert health.main() == 0
    clock.passed += health.BEAT_SILENT
    assert health.main() == 1


def test_a_full_disk_does_not_stop_beat(clock: Clock, sent: list[str], settings) -> None:
    settings.ADGANG_BEAT_SIGN = "/dev/full"
    ticking.Ticks(app).tick()
