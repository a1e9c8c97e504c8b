"""The key of the event log is changed while the portal runs, and a thief of the key before can forge nothing."""

import base64
import json
import os

import pytest
from django.core.management import call_command

from organisations import checkpoints, event_guard, event_pruning, events
from organisations.callers import Caller
from organisations.event_sealing import seal_all
from organisations.event_seals import seal
from organisations.event_stumps import stump
from organisations.event_tags import Tag
from organisations.models import Event, EventHead, EventSeal, EventStump
from organisations.verifying import verify
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db
WHO = Caller.command("test")
OLD, NEW = (base64.urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))


def keys(settings, now: str, *before: str) -> None:
    settings.ADGANG_EVENT_KEY, settings.ADGANG_EVENT_OLD_KEYS = now, list(before)


def write(org, name="Navn"):
    return events.record(WHO, org, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org, after={"name": name}))


def found(org, **options):
    broken = verify(org.pk, **options).broken
    return (broken.seq, broken.fault) if broken else None


def forge(org, key, settings):
    """Append an entry as somebody with the database and a key does."""
    now, before = settings.ADGANG_EVENT_KEY, settings.ADGANG_EVENT_OLD_KEYS
    keys(settings, key)
    write(org, "Falsk")
    keys(settings, now, *before)


@pytest.fixture
def org(settings):
    keys(settings, OLD)
    made = organisation(name="Skovby Kommune")
    write(made)
    write(made)
    return made


@pytest.fixture
def changed(org, settings):
    """The chain after the change: two entries of the old key, one of the new one, the seal behind them, one more."""
    keys(settings, f"{NEW},{OLD}")
    write(org)
    seal_all(WHO)
    keys(settings, NEW, OLD)
    write(org)
    return org


def test_the_order_of_steps_never_breaks(org, settings):
    for now in (OLD, f"{OLD},{NEW}", OLD):  # the first step, seen from processes before and after their restart
        keys(settings, now)
        write(org)
        assert found(org) is None
    for now in (f"{NEW},{OLD}", f"{OLD},{NEW}", f"{NEW},{OLD}"):  # the second
        keys(settings, now)
        write(org)
        assert found(org) is None
    call_command("seal_events")
    for now in ((NEW, OLD), (f"{NEW},{OLD}",), (NEW, OLD)):  # the last
        keys(settings, *now)
        write(org)
        assert found(org) is None


def test_the_operator_is_told_and_every_chain_stays_whole(org, settings, capsys):
    events.record(WHO, None, events.Entry(tag=Tag.ORGANISATION_CREATED, obj=org))
    keys(settings, f"{NEW},{OLD}")
    for _ in range(2):  # it may be run again
        call_command("seal_events")
    keys(settings, NEW, OLD)
    told = Event.objects.filter(tag=Tag.EVENT_LOG_SEALED).order_by("seq")
    assert {event.organisation_id for event in told} == {events.OPERATOR_CHAIN}
    assert [(payload["before"], payload["after"]) for payload in (json.loads(event.payload) for event in told)] == [
        ({"chains_sealed": 0}, {"chains_sealed": 2, "chains_not_whole": 0}),
        ({"chains_sealed": 2}, {"chains_sealed": 2, "chains_not_whole": 0}),
    ]
    assert not any(key in event.payload for event in told for key in (OLD, NEW))
    call_command("verify_events")


def test_without_the_seal_the_old_key_counts_for_nothing(org, settings):
    keys(settings, NEW, OLD)
    assert found(org) == (1, "key")


def test_a_thief_of_the_old_key_appends(changed, settings):
    forge(changed, OLD, settings)
    assert found(changed) == (5, "key")


def test_a_thief_of_the_old_key_cuts_off_what_came_after_the_seal(changed, settings):
    with event_guard.unlocked():
        Event.objects.filter(organisation_id=changed.pk, seq=4).delete()
    third = Event.objects.get(organisation_id=changed.pk, seq=3)
    EventHead.objects.filter(pk=changed.pk).update(seq=3, hash=third.hash)
    forge(changed, OLD, settings)
    assert found(changed) == (4, "key")


def test_a_thief_of_the_old_key_rewrites_the_past(changed, settings):
    with event_guard.unlocked():
        Event.objects.filter(organisation_id=changed.pk, seq__gt=1).delete()
    EventHead.objects.filter(pk=changed.pk).update(seq=1, hash=Event.objects.get(organisation_id=changed.pk).hash)
    forge(changed, OLD, settings)
    assert found(changed) == (3, "tail")
    forge(changed, OLD, settings)
    assert found(changed) == (3, "seal")
    EventSeal.objects.filter(pk=changed.pk).delete()
    assert found(changed) == (1, "key")


def test_a_thief_of_the_old_key_makes_a_seal(changed, settings):
    forge(changed, OLD, settings)
    last = Event.objects.filter(organisation_id=changed.pk).first()
    keys(settings, OLD)
    false = seal(changed.pk, seq=last.seq, hash=last.hash)
    keys(settings, NEW, OLD)
    EventSeal.objects.filter(pk=changed.pk).delete()
    false.save(force_insert=True)
    assert found(changed) == (5, "seal")


def test_a_thief_of_the_old_key_moves_the_beginning(changed, settings):
    first = Event.objects.get(organisation_id=changed.pk, seq=1)
    keys(settings, OLD)
    false = stump(changed.pk, seq=1, hash=first.hash, time=first.time)
    keys(settings, NEW, OLD)
    with event_guard.unlocked():
        first.delete()
    false.save(force_insert=True)
    assert found(changed) == (1, "stump")


def test_the_beginning_of_a_pruned_log_is_signed_anew(org, settings):
    event_pruning.prune(caller=WHO, organisation_id=org.pk, before=Event.objects.get(seq=2).time)
    keys(settings, f"{NEW},{OLD}")
    seal_all(WHO)
    keys(settings, NEW)
    assert EventStump.objects.filter(pk=org.pk).exists()
    assert found(org) == (2, "payload")  # the old key is not even known any more
    keys(settings, NEW, OLD)
    assert found(org) is None


def test_a_chain_that_is_not_whole_is_not_sealed(org, settings):
    with event_guard.unlocked():
        Event.objects.filter(organisation_id=org.pk, seq=1).delete()
    keys(settings, f"{NEW},{OLD}")
    with pytest.raises(SystemExit):
        call_command("seal_events")
    assert not EventSeal.objects.filter(pk=org.pk).exists()
    told = json.loads(Event.objects.get(tag=Tag.EVENT_LOG_SEALED).payload)
    assert told["after"] == {"chains_sealed": 0, "chains_not_whole": 1}


def test_checkpoints_of_the_old_key_hold_when_they_are_older_than_the_change(org, settings, tmp_path):
    before = tmp_path / "before.json"
    checkpoints.write(before)
    keys(settings, f"{NEW},{OLD}")
    seal_all(WHO)
    keys(settings, NEW, OLD)
    assert found(org, checkpoint=checkpoints.read(before)) is None
    after = tmp_path / "after.json"
    keys(settings, OLD)
    checkpoints.write(after)
    keys(settings, NEW, OLD)
    with pytest.raises(checkpoints.UnreadableCheckpoint):
        checkpoints.read(after)
