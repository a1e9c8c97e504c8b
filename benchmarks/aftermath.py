"""What S1 finds in the database when everything is over, compared with what was promised."""

import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks.ledger import Ledger
from benchmarks.shape import Shape
from benchmarks.sweep import module

# A scheduled check whose message was lost is sent again after five minutes, and may wait for its worker's minute.
PATIENCE = 420.0
PAUSE = 1.0
ENDED = ("PASSED", "WARNING", "FAILED")


@dataclass
class Aftermath:
    """Runs (status, attempts, trigger), events by run, groups by name, rules by CVR, mails, what the chain lacks."""

    runs: dict[str, tuple[str, int, str]]
    told: Counter[str]
    groups: Counter[str]
    rules: dict[str, tuple[int, int]]
    mails: dict[str, int]
    chain: str

    def faults(self, ledger: Ledger) -> list[str]:
        """Return what was promised and is not there, or is there twice."""
        found = []
        for run in sorted(ledger.runs):
            status, _, trigger = self.runs.get(run, ("missing", 0, ""))
            told = self.told[run]
            # Who asks while the schedule's check is under way is shown that one, which tells nobody.
            if status not in ENDED or told != (trigger != "SCHEDULED"):
                found.append(f"check {run}, started by a person: {status}, told {told} times")
        found += [
            f"check {run} ({trigger}): {status} after {attempt} attempts"
            for run, (status, attempt, trigger) in self.runs.items()
            if status not in ENDED and run not in ledger.runs
        ]
        found += [f"check {run} told {count} times" for run, count in self.told.items() if count > 1]
        found += [f"group {name} there {self.groups[name]} times" for name in ledger.groups if self.groups[name] != 1]
        found += [f"group {name} there {count} times" for name, count in self.groups.items() if count > 1]
        for cvr, saved in ledger.saves.items():
            version, value = self.rules.get(cvr, (0, 0))
            if not saved <= version <= saved + ledger.unsure[cvr] + 1:
                found.append(f"rules of {cvr} saved {saved} times, {ledger.unsure[cvr]} unsure, version {version}")
            if not ledger.unsure[cvr] and value != ledger.last[cvr]:
                found.append(f"rules of {cvr}: {value} instead of {ledger.last[cvr]}")
        found += [f"mails {what}: {self.mails[what]}" for what in ("mails_unsent", "mails_lost") if self.mails[what]]
        return found + ([self.chain] if self.chain else [])

    def words(self) -> str:
        """Return the figures in a line."""
        by_status = Counter(status for status, _, _ in self.runs.values())
        again = sum(attempt > 1 for _, attempt, _ in self.runs.values())
        statuses = ", ".join(f"{count} {status}" for status, count in sorted(by_status.items()))
        return (
            f"{len(self.runs)} checks in all ({statuses}), {again} begun again; {self.mails['mails']} mails, "
            f"{self.mails['mails_twice']} of them sent again; event chains {'broken' if self.chain else 'whole'}"
        )


def judged(shape: Shape, people: list[dict[str, str]]) -> Aftermath:
    """Wait until nothing is under way any more, then look."""
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(shape.database.url, autocommit=True) as connection:
        while _under_way(connection) and time.monotonic() < deadline:
            time.sleep(PAUSE)
        verified = shape.made.manage("verify_events")
        return Aftermath(
            runs={
                str(pk): (status, attempt, trigger)
                for pk, status, attempt, trigger in connection.execute(
                    "SELECT id, status, attempt, trigger FROM systems_checkrun"
                )
            },
            told=Counter(
                json.loads(payload)["after"]["run"]
                for (payload,) in connection.execute(
                    "SELECT payload FROM organisations_event WHERE tag = 'CONNECTION_CHECKED'"
                )
            ),
            groups=Counter(name for (name,) in connection.execute("SELECT name FROM contacts_contactgroup")),
            rules={
                cvr: (version, failures)
                for cvr, version, failures in connection.execute(
                    "SELECT o.cvr_number, r.version, r.failures FROM systems_healthrules r "
                    "JOIN organisations_organisation o ON o.id = r.organisation_id"
                )
            },
            mails=json.loads(module(shape.made, "benchmarks.facts", "tell")),
            chain="" if verified.returncode == 0 else f"verify_events: {verified.stdout} {verified.stderr}",
        )


def _under_way(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM systems_checkrun WHERE status IN ('QUEUED', 'RUNNING')) "
        "OR EXISTS (SELECT 1 FROM organisations_mail WHERE sent IS NULL AND next_attempt IS NOT NULL)"
    ).fetchone()
    return bool(row and row[0])
