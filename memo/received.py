"""What somebody hands in to be checked: single messages, several, or containers of them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from memo.checking import check_message
from memo.containers import Bounds, Entry, check_container, is_container
from memo.previews import Budget
from memo.reports import MEGABYTE, Limits, MemoFinding, Place, Report
from memo.showing import CheckedView

# What is shown of a container; all of it is checked, and the faulty come first.
SHOWN = 50
# Contents up to this size are kept while the page is made, for a look at them and to be taken along.
KEPT = 512 * 1024
# What a container may hold unpacked: a packed one of a few kB could keep a page busy for minutes.
BOUNDS = Bounds(total=1024 * MEGABYTE, entries=5_000, ratio=250)


@dataclass
class Received:
    """What came of an upload: the messages shown, how many there were and were right, and what concerns containers.

    `file`: the upload itself as a data URI, where it is to be taken along: examples alone.
    """

    messages: list[CheckedView] = field(default_factory=list)
    containers: list[tuple[str, MemoFinding]] = field(default_factory=list)
    count: int = 0
    right: int = 0
    file: str = ""
    budget: Budget = field(default_factory=Budget)

    @property
    def is_right(self) -> bool:
        """Whether nothing refuses any of it."""
        return self.right == self.count and not self.containers

    @property
    def left_out(self) -> int:
        """How many messages are not shown."""
        return self.count - len(self.messages)

    def add(self, name: str, report: Report) -> None:
        """Take a message in; of many, those that are right give way to those that are not."""
        self.count += 1
        self.right += report.valid
        if len(self.messages) < SHOWN:
            self.messages.append(CheckedView(name, report, number=self.count, budget=self.budget))
        elif not report.valid:
            for position, shown in enumerate(self.messages):
                if shown.report.valid:
                    self.messages[position] = CheckedView(name, report, number=self.count, budget=self.budget)
                    return


def check(
    files: Iterable[tuple[str, BinaryIO]], *, at: dt.datetime, limits: Limits, place: Place | None = None
) -> Received:
    """Check files, (name, content) each, and return what came of it. Raises nothing for any content."""
    received = Received()
    how: dict[str, Any] = {"at": at, "limits": limits, "place": place, "keep": KEPT, "fingerprint": True}
    for name, source in files:
        first = source.read(512)
        source.seek(0)
        if not is_container(first):
            received.add(name, check_message(source, **how))
            continue
        # Many messages on one page: nothing of their documents is kept.
        for one in check_container(source, **how | {"keep": 0, "bounds": BOUNDS}):
            if isinstance(one, Entry):
                received.add(f"{name}: {one.name}", one.report)
            else:
                received.containers += [(name, found) for found in one.findings]
    return received
