"""An installation moved from SQLite to a real PostgreSQL: refused, failed whole, moved whole, and used there."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from adgang.data import moving, sqlite
from organisations import heartbeat
from organisations.keeping import keep
from organisations.models import Heartbeat
from tests.factories.world import world
from tests.servers.installation import ROOT, Installation, _essentials
from tests.servers.postgres import postgres_server, programs

# Run in the installation that was moved: pages answer, secrets are read, a new event follows the last.
USED = """
import django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS = ["*"]
from django.test import Client
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Blob, Organisation, User
client = Client(); client.force_login(User.objects.get(name="Vera Holm"))
for path in ("", "systemer/", "kontaktstruktur/", "log/"):
    answer = client.get(f"/o/90000004/{path}")
    assert answer.status_code == 200, (path, answer.status_code)
assert Blob.objects.get(filename="brev.txt").content() == b"hemmeligt"
org = Organisation.objects.get(cvr_number="90000004")
from django.db import transaction
with transaction.atomic():
    events.record(Caller.command("test"), org, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org, after={"name": "x"}))
from django.contrib.contenttypes.models import ContentType
ContentType.objects.create(app_label="new", model="new")
print("used")
"""


def run(made: Installation, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=made.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


def chain(connection: sqlite3.Connection | psycopg.Connection) -> list[tuple[str, ...]]:
    """Return everything that is hashed, as it stands in the database."""
    statement = "SELECT payload, previous_hash, hash FROM organisations_event ORDER BY hash"
    return [tuple(map(str, row)) for row in connection.execute(statement).fetchall()]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_an_installation_is_moved(tmp_path: Path, require_service: Callable[..., str]) -> None:
    if programs() is None:
        require_service("postgresql", "initdb")
    world()
    keep(b"hemmeligt", media_type="text/plain", filename="brev.txt")
    Heartbeat.objects.all().delete()
    source = tmp_path / "adgang.sqlite3"
    sqlite.copy(sqlite.path_of(), source)
    (tmp_path / "secrets").mkdir()
    for path in (sqlite.path_of().parent / "secrets").iterdir():
        (tmp_path / "secrets" / path.name).write_bytes(path.read_bytes())
    made = Installation(tmp_path, _essentials() | {"ADGANG_VAR_DIR": str(tmp_path)})
    made.environment |= {"DJANGO_SETTINGS_MODULE": "adgang.settings", "ADGANG_LOG_LEVEL": "ERROR"}
    address = tmp_path / "database_url"
    with postgres_server() as server, closing(sqlite3.connect(source)) as here:
        address.write_text(f"{server.url}\n")
        # PostgreSQL knows no text with a zero byte: the last table fails, and nothing is moved.
        here.execute("INSERT INTO organisations_throttle (key, count, resets) VALUES ('a' || char(0), 1, '2026-01-01')")
        here.commit()
        failed = made.manage("move_to_postgresql", str(address))
        assert failed.returncode == 1, failed.stdout
        assert "Nothing was moved" in failed.stderr
        with psycopg.connect(server.url) as there:
            assert there.execute("SELECT count(*) FROM organisations_user").fetchone() == (0,)
        here.execute("DELETE FROM organisations_throttle")
        here.commit()

        moved = made.manage("move_to_postgresql", str(address))
        assert moved.returncode == 0, moved.stdout + moved.stderr
        assert "found equal" in moved.stdout

        with psycopg.connect(server.url) as there:
            assert chain(there) == chain(here) != []
            assert there.execute("SELECT count(*) FROM contacts_searchword").fetchone() > (0,)  # type: ignore[operator]
        new = Installation(tmp_path, made.environment | {"DATABASE_URL": server.url})
        # The tests' settings do without collected static files.
        used = run(Installation(tmp_path, new.environment | {"DJANGO_SETTINGS_MODULE": "tests.settings"}), "-c", USED)
        assert used.returncode == 0, used.stderr
        assert new.manage("verify_events").returncode == 0

        again = made.manage("move_to_postgresql", str(address))
        assert (again.returncode, "not empty" in again.stderr) == (1, True)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_portal_that_is_running_is_not_moved() -> None:
    heartbeat.beat("worker", at=timezone.now())
    with pytest.raises(moving.Unfit, match="running"):
        moving.move("postgres://nobody@127.0.0.1:1/none")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", ["", "sqlite:///x", "mysql://a@b/c", "hello"])
def test_only_the_address_of_a_postgresql_will_do(url: str) -> None:
    with pytest.raises(moving.Unfit, match="PostgreSQL"):
        moving.move(url)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_there_is_nothing_to_move_from_postgresql() -> None:
    with pytest.raises(moving.Unfit, match="nothing to move"):
        moving.move("postgres://nobody@127.0.0.1:1/none")
