"""From every released version to this one: no value is lost, the event log verifies, nothing is left to migrate."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

import adgang
from organisations import event_guard
from organisations.verifying import verify
from tests.platform import upgrading
from tests.platform.releases import DROPPED, RELEASES
from tests.servers.installation import ROOT


@pytest.mark.parametrize("version", RELEASES)
def test_upgrade(version: str, tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock(), upgrading.empty_database(tmp_path):  # type: ignore[attr-defined]
        before, chain = upgrading.fill(upgrading.at_release(version))
        assert all(values for columns in before.values() for values in columns.values())
        upgrading.upgrade()
        assert upgrading.lost(before) == set(DROPPED)
        assert verify(chain).entries == 1
        assert verify(chain).broken is None
        assert event_guard.missing() == []
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_the_last_migrations_of_a_release_are_there() -> None:
    known = set(MigrationLoader(None).disk_migrations)
    assert {leaf for leaves in RELEASES.values() for leaf in leaves.items()} - known == set()


def test_every_tag_has_its_row() -> None:
    git = subprocess.run(["git", "tag", "--list"], cwd=ROOT, capture_output=True, text=True, check=False)
    tags = {tag.removeprefix("v") for tag in git.stdout.split() if re.fullmatch(r"v?\d+\.\d+\.\d+", tag)}
    assert tags - RELEASES.keys() == set(), "a release adds its row to tests/platform/releases.py"


def test_every_released_section_of_the_changelog_has_its_row() -> None:
    sections = re.findall(r"^## (\d+\.\d+\.\d+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    released = [one for one in sections if key(one) <= key(adgang.__version__)]
    assert set(released) == RELEASES.keys()


def key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
