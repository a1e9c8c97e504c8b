"""R6: a chain that was tampered with is found, with its first broken entry."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from organisations import checkpoints, event_guard, events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Event, EventDetail, EventHead
from organisations.verifying import chains, digests, verify
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db

WHO = Caller.command("test")


@pytest.fixture
def org():
    made = organisation(name="Skovby Kommune")
    for number in range(1, 6):
        after = {"name": f"Navn {number}", "legal_contact_name": f"Person {number}"}
        events.record(WHO, made, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=made, after=after))
    return made


def found(org, **options):
    broken = verify(org.pk, **options).broken
    return (broken.seq, broken.fault) if broken else None


def tamper(seq, **changes):
    with event_guard.unlocked():
        Event.objects.filter(seq=seq).update(**changes)


def test_an_untouched_chain_is_walked_to_its_end(org):
    walked = verify(org.pk)
    assert (walked.entries, walked.broken) == (5, None)


def test_a_changed_payload(org):
    text = Event.objects.get(seq=3).payload.replace("Navn 3", "Navn X")
    tamper(3, payload=text)
    assert found(org) == (3, "payload")


def test_a_changed_payload_with_a_hash_made_without_the_key(org, settings):
    text = Event.objects.get(seq=3).payload.replace("Navn 3", "Navn X")
    settings.ADGANG_EVENT_KEY, key = "guessed", settings.ADGANG_EVENT_KEY
    forged = events.chain_hash(text)
    settings.ADGANG_EVENT_KEY = key
    tamper(3, payload=text, hash=forged)
    assert found(org) == (3, "payload")


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_entry(org, seq):
    with event_guard.unlocked():
        Event.objects.filter(seq=seq).delete()
    assert found(org) == (seq + 1, "missing")


def test_a_removed_entry_whose_place_was_closed(org):
    with event_guard.unlocked():
        Event.objects.filter(seq=3).delete()
        Event.objects.filter(seq__gt=3).update(seq=F("seq") - 1)
    assert found(org) == (3, "link")


def test_an_inserted_entry(org):
    with event_guard.unlocked():
        for seq in (5, 4):
            Event.objects.filter(seq=seq).update(seq=seq + 1)
        copied = Event.objects.get(seq=3)
        copied.pk, copied.seq = organisation().pk, 4
        copied.save(force_insert=True)
    assert found(org) == (4, "link")


def test_two_entries_that_changed_places(org):
    with event_guard.unlocked():
        for old, new in ((3, 99), (4, 3), (99, 4)):
            Event.objects.filter(seq=old).update(seq=new)
    assert found(org) == (3, "link")


@pytest.mark.parametrize(
    "changes",
    [
        {"tag": "TERMS_ACCEPTED"},
        {"slice": "LOOKUPS"},
        {"object_label": "En anden"},
        {"object_kind": "user"},
        {"object_id": "00000000-0000-0000-0000-000000000001"},
        {"actor_id": "00000000-0000-0000-0000-000000000001"},
        {"system_id": "00000000-0000-0000-0000-000000000001"},
        {"time": "2020-01-01T00:00:00Z"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_changed_filter_column(org, changes):
    tamper(2, **changes)
    assert found(org) == (2, "copy")


def test_an_entry_moved_to_another_organisation(org):
    other = organisation()
    tamper(5, organisation_id=other.pk)
    assert found(org) == (5, "tail")
    assert found(other) == (5, "missing")


def test_a_changed_personal_value(org):
    event = Event.objects.get(seq=2)
    EventDetail.objects.filter(event_id=event.pk).update(value='"En anden"')
    assert found(org) == (2, "detail")


def test_a_removed_personal_value_without_a_tombstone(org):
    EventDetail.objects.filter(event_id=Event.objects.get(seq=4).pk).delete()
    assert found(org) == (4, "detail")


def test_a_cut_end(org):
    with event_guard.unlocked():
        Event.objects.filter(seq__gt=3).delete()
    assert found(org) == (4, "tail")


def test_a_head_that_was_moved(org):
    EventHead.objects.filter(pk=org.pk).update(seq=4)
    assert found(org) == (4, "head")
    EventHead.objects.filter(pk=org.pk).delete()
    assert found(org) == (5, "head")


def cut_with_head(org, seq):
    """Cut the chain as the owner of the database would: entries and head together."""
    with event_guard.unlocked():
        Event.objects.filter(organisation_id=org.pk, seq__gt=seq).delete()
    last = Event.objects.filter(organisation_id=org.pk).order_by("-seq").first()
    EventHead.objects.filter(pk=org.pk).update(seq=seq, hash=last.hash if last else "")


def test_a_cut_end_with_its_head_is_seen_by_the_checkpoint_alone(org, tmp_path):
    path = tmp_path / "checkpoint.json"
    checkpoints.write(path)
    kept = checkpoints.read(path)
    assert found(org, checkpoint=kept) is None
    cut_with_head(org, 3)
    assert found(org) is None
    assert found(org, checkpoint=kept) == (4, "checkpoint")


def test_a_chain_that_was_written_anew_with_the_key_differs_from_the_checkpoint(org, tmp_path):
    path = tmp_path / "checkpoint.json"
    checkpoints.write(path)
    cut_with_head(org, 4)
    events.record(WHO, org, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org, after={"name": "Omskrevet"}))
    assert found(org) is None
    assert found(org, checkpoint=checkpoints.read(path)) == (5, "checkpoint")


def test_a_chain_that_is_gone_is_seen_by_the_checkpoint(org, tmp_path):
    path = tmp_path / "checkpoint.json"
    checkpoints.write(path)
    with event_guard.unlocked():
        Event.objects.all().delete()
    EventHead.objects.all().delete()
    assert chains() == []
    with pytest.raises(CommandError) as error:
        call_command("verify_events", checkpoint=path, stdout=StringIO())
    assert error.value.returncode == 1


@pytest.mark.parametrize("place", ["signature", "seq", "made"])
def test_a_checkpoint_that_was_changed_is_refused(org, tmp_path, place):
    path = tmp_path / "checkpoint.json"
    document = checkpoints.write(path)
    if place == "seq":
        document["heads"][0]["seq"] = 1
    else:
        document[place] = "0" + document[place][1:]
    document["signature"] += "" if place != "signature" else "0"
    path.write_text(json.dumps(document))
    with pytest.raises(checkpoints.UnreadableCheckpoint):
        checkpoints.read(path)


def test_an_events_hash_is_no_checkpoints_signature(org):
    body = {"made": "x", "heads": []}
    assert checkpoints._signature(body) != events.chain_hash(events.canonical(body))


def test_the_walk_holds_few_queries_whatever_the_length(org, django_assert_num_queries):
    with django_assert_num_queries(6):
        verify(org.pk)


def test_entries_appended_during_the_walk_are_no_fault(org, monkeypatch):
    from organisations import verifying

    entries = verifying._entries

    def appending(organisation_id):
        events.record(WHO, org, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org))
        yield from entries(organisation_id)

    monkeypatch.setattr(verifying, "_entries", appending)
    assert verify(org.pk).broken is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_digests_are_found_however_deep(value):
    wrapped = {"a": [value, {"b": {"digest": "x"}}]}
    assert "x" in set(digests(wrapped))


def run(*arguments, **options):
    out = StringIO()
    call_command("verify_events", *arguments, stdout=out, **options)
    return out.getvalue()


def test_command_is_content(org):
    assert run() == "Hændelsesloggen er urørt: 5 indførsler i 1 kæder.\n"
    assert run("90 00 00 01".replace("90 00 00 01", org.cvr_number)) == run()


def test_command_names_the_first_broken_entry_and_exits_1(org):
    tamper(2, tag="TERMS_ACCEPTED")
    event = Event.objects.get(seq=2)
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("verify_events", org.cvr_number, stdout=out)
    assert error.value.returncode == 1
    assert out.getvalue() == (
        f"Skovby Kommune ({org.cvr_number}): indførsel 2 ({event.pk}): "
        "en kolonne i indførslen er ændret, så den vises og findes som noget andet\n"
    )


def test_command_refuses_what_it_cannot_read(org, tmp_path):
    for arguments, options, code in [
        (("99999999",), {}, 2),
        ((), {"checkpoint": tmp_path / "none.json"}, 2),
        ((), {"checkpoint": _nonsense(tmp_path)}, 1),
    ]:
        with pytest.raises(CommandError) as error:
            run(*arguments, **options)
        assert error.value.returncode == code


def _nonsense(tmp_path):
    path = tmp_path / "nonsense.json"
    path.write_text("[1, 2")
    return path


def test_write_checkpoint_command(org, tmp_path):
    path = tmp_path / "kept" / "today.json"
    call_command("write_checkpoint", path, stdout=StringIO())
    assert checkpoints.read(path).marks(org.pk) == {5: Event.objects.get(seq=5).hash}
    assert [name.name for name in path.parent.iterdir()] == ["today.json"]


def test_triggers_stand_again_after_every_tampering_here():
    assert event_guard.missing() == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
