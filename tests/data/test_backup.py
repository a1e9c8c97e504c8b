"""R7: a backup made while people work, brought back and compared; and everything that is refused."""

import datetime as dt
import json
import tarfile
import threading
from contextlib import closing
from io import BytesIO, StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from adgang.data import backups, manifest, postgresql
from organisations import checkpoints, event_guard, events, heartbeat, verifying
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.keeping import keep
from organisations.models import (
    Blob,
    Event,
    EventHead,
    Heartbeat,
    Mail,
    Organisation,
    ReadinessLine,
    SecretLink,
    Session,
)
from organisations.passwords import new_link
from tests.factories.organisations import organisation, user
from tests.factories.world import world

WHO = Caller.command("test")


def backup(place):
    path, said = backups.write(place)
    return path, said


def restore(path, *options):
    out = StringIO()
    call_command("restore", str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def act(org, number):
    """Write what belongs together: a row and the entry of the log that tells of it."""
    with transaction.atomic():
        line = ReadinessLine.objects.create(organisation=org, text=f"Linje {number}", step=1)
        entry = events.Entry(tag=Tag.READINESS_CHANGED, obj=line, after={"text": line.text})
        events.record(WHO, org, entry)


@pytest.fixture
def writers():
    """Two people who write without a pause; `stop` ends them, `written` counts what they wrote."""
    stop, written, threads = threading.Event(), [], []

    def write(org):
        with closing(connections["default"]):
            while not stop.is_set():
                act(org, len(written))
                written.append(org.pk)

    def begin(*orgs):
        threads.extend(threading.Thread(target=write, args=(org,), daemon=True) for org in orgs)
        for thread in threads:
            thread.start()
        while len(written) < 10:
            stop.wait(0.01)
        return written

    def end():
        stop.set()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()

    begin.end = end
    yield begin
    end()


@pytest.mark.django_db(transaction=True)
def test_a_backup_made_while_people_write_comes_back_whole(tmp_path, writers):
    made = world()
    blob = keep(b"hemmeligt", media_type="text/plain", filename="brev.txt")
    other = organisation(name="Skovby Kommune")
    written = writers(made.organisation, other)
    path, said = backup(tmp_path)
    assert len(written) >= 10
    writers.end()
    act(other, 10_000)
    after_all = Event.objects.count()

    said_of_it = restore(path, "--replace")

    assert "as it was when the backup was made" in said_of_it
    assert manifest.row_counts("default")["organisations_blob"] == said.rows["organisations_blob"]
    # No half of what belongs together: each line with its entry.
    lines = ReadinessLine.objects.filter(text__startswith="Linje").values_list("pk", flat=True)
    told = Event.objects.filter(tag=Tag.READINESS_CHANGED, object_label__startswith="Linje")
    assert len(lines) >= 10
    assert set(lines) == set(told.values_list("object_id", flat=True))
    assert Event.objects.count() < after_all + 1
    assert Blob.objects.get(pk=blob.pk).content() == b"hemmeligt"
    assert event_guard.missing() == []
    act(other, 20_000)  # keys and chains go on where they were
    assert all(verifying.verify(chain).broken is None for chain in verifying.chains())
    assert Event.objects.filter(tag=Tag.DATABASE_RESTORED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_does_nothing_again_and_opens_nothing_again(tmp_path):
    person = user()
    waiting = Mail.objects.create(kind="x", to="a@example.org", next_attempt=timezone.now())
    new_link(person, lifetime=dt.timedelta(hours=1))
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=timezone.now(), user=person)
    path, _said = backup(tmp_path / "one.backup")
    checkpoints.write(checkpoints.daily_path(timezone.localdate()))
    later = sorted(checkpoints.daily_path(timezone.localdate()).parent.glob("*.json"))

    restore(path, "--replace")

    waiting.refresh_from_db()
    assert (waiting.sent, waiting.next_attempt) == (None, None)
    assert "restored" in waiting.error
    assert not Session.objects.exists()
    assert not SecretLink.objects.filter(revoked=None).exists()
    folder = checkpoints.daily_path(timezone.localdate()).parent
    assert [path.name for path in folder.glob("before-restore-*/*.json")] == [path.name for path in later]
    newest = checkpoints.newest()
    assert all(verifying.verify(chain, checkpoint=newest).broken is None for chain in verifying.chains())


@pytest.mark.django_db(transaction=True)
def test_mails_go_when_asked_for(tmp_path):
    waiting = Mail.objects.create(kind="x", to="a@example.org", next_attempt=timezone.now())
    path, _said = backup(tmp_path / "one.backup")
    restore(path, "--replace", "--send-mails")
    waiting.refresh_from_db()
    assert waiting.next_attempt


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_was_tampered_with_before_the_backup_is_told_of(tmp_path):
    org = organisation()
    act(org, 1)
    with event_guard.unlocked():
        Event.objects.filter(organisation_id=org.pk).update(tag="TERMS_ACCEPTED")
    path, _said = backup(tmp_path / "one.backup")
    with pytest.raises(CommandError, match="not as it was"):
        restore(path, "--replace")


@pytest.mark.django_db(transaction=True)
class TestRefusals:
    def refused(self, path, *options):
        with pytest.raises(CommandError) as refusal:
            restore(path, *options)
        return str(refusal.value)

    def test_a_database_that_is_not_empty(self, tmp_path):
        organisation()
        path, _said = backup(tmp_path / "one.backup")
        assert "not empty" in self.refused(path)
        assert Organisation.objects.count() == 1

    def test_a_portal_that_is_running(self, tmp_path):
        path, _said = backup(tmp_path / "one.backup")
        heartbeat.beat("worker", at=timezone.now())
        assert "running" in self.refused(path, "--replace")

    def test_another_event_key(self, tmp_path, settings):
        path, _said = backup(tmp_path / "one.backup")
        settings.ADGANG_EVENT_KEY = "another"
        assert "another ADGANG_EVENT_KEY" in self.refused(path)

    def test_a_newer_version(self, tmp_path, monkeypatch):
        old = manifest.MigrationLoader

        class Newer(old):
            @property
            def applied_migrations(self):
                return {**self._applied, ("organisations", "9999_later"): None}

            @applied_migrations.setter
            def applied_migrations(self, value):
                self._applied = value

        monkeypatch.setattr(manifest, "MigrationLoader", Newer)
        path, _said = backup(tmp_path / "one.backup")
        monkeypatch.undo()
        assert "newer version" in self.refused(path)

    def test_the_other_environment(self, tmp_path, settings):
        path, _said = backup(tmp_path / "one.backup")
        settings.ADGANG_ENVIRONMENT = "production"
        assert "installation for test" in self.refused(path)

    def test_another_kind_of_database(self, tmp_path, monkeypatch):
        path, _said = backup(tmp_path / "one.backup")
        monkeypatch.setattr(connection, "vendor", "oracle")
        assert "move_to_postgresql" in self.refused(path)

    @pytest.mark.parametrize("content", [b"", b"no archive", None])
    def test_what_is_no_backup(self, tmp_path, content):
        path = tmp_path / "none.backup"
        if content is None:
            with tarfile.open(path, "w") as tar:
                tar.addfile(tarfile.TarInfo("manifest.json"), BytesIO())
        else:
            path.write_bytes(content)
        assert "not a backup" in self.refused(path)

    def test_a_file_that_is_not_there(self, tmp_path):
        assert "No such file" in self.refused(tmp_path / "none")

    @pytest.mark.parametrize("part", ["manifest.json", "database"])
    def test_what_was_changed(self, tmp_path, part):
        path, _said = backup(tmp_path / "one.backup")
        changed = tmp_path / "changed.backup"
        with tarfile.open(path) as tar, tarfile.open(changed, "w") as other:
            for member in tar:
                content = tar.extractfile(member).read()
                if member.name == part == "manifest.json":
                    content = json.dumps(json.loads(content) | {"made": "2020-01-01T00:00:00+00:00"}).encode()
                elif member.name == part:
                    content = content[:-1] + bytes([content[-1] ^ 1])
                member.size = len(content)
                other.addfile(member, BytesIO(content))
        assert "changed" in self.refused(changed)
        assert "changed" in self.refused(changed, "--check")

    def test_half_a_file(self, tmp_path):
        path, _said = backup(tmp_path / "one.backup")
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        assert "not whole" in self.refused(path) or "not a whole one" in self.refused(path)


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_looked_at_without_writing(tmp_path, settings):
    path, _said = backup(tmp_path / "one.backup")
    settings.ADGANG_FIELD_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert "will not be readable" in restore(path, "--check")
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_file_is_for_its_owner_alone_and_holds_no_key(tmp_path):
    out = StringIO()
    call_command("backup", str(tmp_path), stdout=out)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "keep them apart" in out.getvalue()
    keys = [django_settings.SECRET_KEY, django_settings.ADGANG_EVENT_KEY, *django_settings.ADGANG_FIELD_KEYS]
    assert not [key for key in keys if key.encode() in path.read_bytes()]


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "_pack", lambda *_args: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgresql
def test_the_password_reaches_the_programs_in_a_file_of_our_own(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", r"a:b\c")
    with postgresql.environment() as env:
        assert "a:b" not in "".join(value for name, value in env.items() if name != "DATABASE_URL")
        with open(env["PGPASSFILE"]) as file:
            assert file.read() == "*:*:*:*:a\\:b\\\\c\n"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_dump_that_cannot_be_loaded_leaves_the_database_as_it_was(tmp_path):
    organisation()
    broken = tmp_path / "dump"
    broken.write_bytes(b"PGDMP nothing")
    with pytest.raises(manifest.Unfit, match="left as it was"):
        postgresql.load(broken)
    assert Organisation.objects.count() == 1
    assert not Heartbeat.objects.exists()
    assert EventHead._meta.db_table in connection.introspection.table_names()
