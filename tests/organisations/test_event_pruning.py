"""Deleting the oldest entries behind a signed stump, and tampering with that."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from freezegun import freeze_time

from organisations import checkpoints, event_guard, event_pruning, event_stumps, events, tasks
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Event, EventCursor, EventDetail, EventStump
from organisations.verifying import verify
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db

WHO = Caller.command("test")
NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


@pytest.fixture
def org():
    made = organisation()
    for years in (5, 4, 3, 2, 1):
        with freeze_time(NOW - dt.timedelta(days=365 * years)):
            after = {"name": f"{years}", "legal_contact_name": f"Person {years}"}
            events.record(WHO, made, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=made, after=after))
    return made


def prune(org, *, years):
    before = NOW - dt.timedelta(days=365 * years - 1)
    return event_pruning.prune(caller=WHO, organisation_id=org.pk, before=before)


def found(org, **options):
    broken = verify(org.pk, **options).broken
    return (broken.seq, broken.fault) if broken else None


def test_what_is_left_is_whole_and_tells_what_went(org):
    assert prune(org, years=3) == 3
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == [4, 5, 6]
    assert EventDetail.objects.count() == 2
    told = json.loads(Event.objects.get(seq=6).payload)
    assert (told["tag"], told["after"]["entries"], told["after"]["seq"]) == (Tag.EVENT_LOG_PRUNED, 3, 3)
    walked = verify(org.pk)
    assert (walked.entries, walked.broken) == (3, None)
    assert event_guard.missing() == []


def test_it_goes_on_from_there(org):
    prune(org, years=4)
    assert prune(org, years=4) == 0
    assert prune(org, years=2) == 2
    assert EventStump.objects.get().seq == 4
    assert found(org) is None


def test_in_parts(org, monkeypatch):
    monkeypatch.setattr(event_pruning, "AT_ONCE", 1)
    assert prune(org, years=3) == 3
    assert found(org) is None


def test_everything_can_go(org):
    assert prune(org, years=0) == 5
    assert found(org) is None


def test_a_chain_that_is_not_whole_is_left_alone(org):
    with event_guard.unlocked():
        Event.objects.filter(seq=2).update(object_label="X")
    with pytest.raises(event_pruning.TamperedWith) as refused:
        prune(org, years=3)
    assert refused.value.broken.seq == 2
    assert Event.objects.count() == 5


@pytest.mark.parametrize("changes", [{"seq": 4}, {"hash": "0" * 64}, {"time": NOW}, {"signature": "0" * 64}])
def test_a_changed_stump(org, changes):
    prune(org, years=3)
    EventStump.objects.update(**changes)
    assert found(org) == (EventStump.objects.get().seq, "stump")


def test_a_removed_stump(org):
    prune(org, years=3)
    EventStump.objects.all().delete()
    assert found(org) == (4, "missing")


def test_a_stump_of_another_chain(org):
    other = organisation()
    for _ in range(4):
        events.record(WHO, other, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=other))
    prune(org, years=3)
    kept = EventStump.objects.get()
    EventStump.objects.create(
        organisation_id=other.pk, seq=kept.seq, hash=kept.hash, time=kept.time, signature=kept.signature
    )
    assert found(other) == (3, "stump")


def test_an_older_stump_put_back(org):
    prune(org, years=4)
    older = EventStump.objects.get()
    prune(org, years=2)
    EventStump.objects.all().delete()
    older.save(force_insert=True)
    assert found(org) == (5, "missing")


def test_an_entry_cut_off_behind_the_stump(org):
    prune(org, years=3)
    with event_guard.unlocked():
        Event.objects.filter(seq=4).delete()
    assert found(org) == (5, "missing")


def test_a_stump_signed_without_the_key(org, settings):
    entry = Event.objects.get(seq=3)
    key, settings.ADGANG_EVENT_KEY = settings.ADGANG_EVENT_KEY, "guessed"
    forged = event_stumps.stump(org.pk, seq=3, hash=entry.hash, time=entry.time)
    settings.ADGANG_EVENT_KEY = key
    with event_guard.unlocked():
        Event.objects.filter(seq__lte=3).delete()
    forged.save(force_insert=True)
    assert found(org) == (3, "stump")


def test_a_checkpoint_from_before_still_fits(org, tmp_path):
    path = tmp_path / "checkpoint.json"
    checkpoints.write(path)
    prune(org, years=0)
    assert found(org, checkpoint=checkpoints.read(path)) is None


def test_what_the_siem_has_not_got_stays(org, settings):
    settings.ADGANG_SIEM = "file:///nowhere/events.jsonl"
    assert prune(org, years=3) == 0
    EventCursor.objects.create(organisation_id=org.pk, seq=2)
    assert prune(org, years=3) == 2


def test_the_command(org, capsys):
    call_command("prune_events", org.cvr_number, "--before", "2024-01-01", "--dry-run")
    call_command("prune_events", org.cvr_number, "--before", "2024-01-01")
    assert capsys.readouterr().out.splitlines() == ["3 hændelser ville blive slettet.", "3 hændelser blev slettet."]
    with pytest.raises(CommandError) as unsaid:
        call_command("prune_events")
    assert unsaid.value.returncode == 2
    with event_guard.unlocked():
        Event.objects.filter(seq=4).update(tag="X")
    with pytest.raises(CommandError, match="Hændelse 4: ") as tampered:
        call_command("prune_events", "--keep-days", "1")
    assert tampered.value.returncode == 1


def test_the_daily_task_keeps_what_the_operator_says(org, settings):
    tasks.prune_events()
    assert Event.objects.count() == 5
    settings.ADGANG_KEEP_EVENTS_DAYS = (timezone.now() - NOW).days + 365 * 3 - 1
    tasks.prune_events()
    assert EventStump.objects.get().seq == 3


def test_the_daily_task_passes_over_what_is_not_whole(org, settings):
    other = organisation()
    with freeze_time(NOW - dt.timedelta(days=365 * 9)):
        events.record(WHO, other, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=other))
    with event_guard.unlocked():
        Event.objects.filter(organisation_id=org.pk, seq=2).update(object_label="X")
    settings.ADGANG_KEEP_EVENTS_DAYS = 365
    tasks.prune_events()
    assert [stump.organisation_id for stump in EventStump.objects.all()] == [other.pk]
