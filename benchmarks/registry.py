"""The frame of a benchmark: how it names itself, what it returns, how it times.

A benchmark is a function without arguments, decorated with `@benchmark("P3", "what is measured")`, that returns one
`Measurement`. Add its module to `MODULES`; `python -m benchmarks` finds it there.
"""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

MODULES = (
    "benchmarks.structure",
    "benchmarks.searching",
    "benchmarks.importing",
    "benchmarks.drafts",
    "benchmarks.setup",
    "benchmarks.messages",
    "benchmarks.checks",
    "benchmarks.sftp",
    "benchmarks.guard",
    "benchmarks.certificates",
    "benchmarks.access",
    "benchmarks.points_api",
    "benchmarks.lists",
    "benchmarks.hostile",
    "benchmarks.hostile_files",
    "benchmarks.hostile_forms",
    "benchmarks.front",
    "benchmarks.event_log",
    "benchmarks.tampering",
    "benchmarks.restoring",
    "benchmarks.revocation",
    "benchmarks.sweep",
    "benchmarks.faults",
    "benchmarks.races",
    "benchmarks.starting",
    "benchmarks.survival",
)

Benchmark = Callable[[], "Measurement"]


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What was found. `value` and `reference` (None when there is nothing to compare with) are in `unit`.

    `ratio` is value ÷ reference unless given otherwise; `bar` says in words what must hold, `met` whether it does –
    all of it, also what `notes` tells beside the main value.
    """

    value: float
    unit: str
    bar: str
    met: bool
    reference: float | None = None
    ratio: float | None = None
    notes: str = ""


@dataclass(frozen=True)
class Entry:
    """A benchmark; `only_by_name`: it takes so long that it is left out where none is named."""

    id: str
    title: str
    run: Benchmark
    only_by_name: bool = False


BENCHMARKS: dict[str, Entry] = {}


def benchmark(id: str, title: str, *, only_by_name: bool = False) -> Callable[[Benchmark], Benchmark]:
    """Register the decorated function under `id`, the number of the bar it measures."""

    def register(run: Benchmark) -> Benchmark:
        BENCHMARKS[id] = Entry(id, title, run, only_by_name)
        return run

    return register


def median_seconds(work: Callable[[], object], *, repeat: int = 7, warm_up: int = 1) -> float:
    """Return the median wall-clock seconds of `work`, after `warm_up` runs that do not count."""
    for _ in range(warm_up):
        work()
    return statistics.median(seconds(work) for _ in range(repeat))


def median_pair(work: Callable[[], object], reference: Callable[[], object], *, repeat: int = 7) -> tuple[float, float]:
    """Return the median seconds of both, run in turns so that a busy moment of the machine strikes both."""
    work(), reference()
    pairs = [(seconds(work), seconds(reference)) for _ in range(repeat)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def seconds(work: Callable[[], object]) -> float:
    """Return the wall-clock seconds of one run, without garbage collection falling into it."""
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started
    finally:
        gc.enable()
