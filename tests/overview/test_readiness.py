"""People's part of the lines: what they say, who said it, by when; the portal's own evidence wins."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from adgang.lib import slots
from adgang.lib.registered import StaleVersion
from adgang.overview import readiness
from adgang.overview.board import board
from adgang.overview.deadlines import Kind, Wanted
from adgang.overview.deadlines import save as save_deadlines
from adgang.overview.lines import LINES
from adgang.overview.progress import outputs, steps
from adgang.overview.readiness import State
from organisations.callers import Caller, Channel
from organisations.models import Event, EventDetail, ReadinessLine
from tests.factories.organisations import Role, organisation, user, user_with

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def kim():
    return user(name="Kim Prøvesen")


@pytest.fixture
def caller(kim):
    return Caller(user=kim, channel=Channel.WEB, request_id="r")


def say(caller, org, key, **values):
    _line, row = readiness.find(org, key)
    for name, value in values.items():
        setattr(row, name, value)
    return readiness.save(caller=caller, row=row, version=row.version)


def status(org, key):
    return next(one for one in board(org, at=timezone.now()).statuses if one.line.key == key)


def payloads():
    return [json.loads(payload) for payload in Event.objects.order_by("seq").values_list("payload", flat=True)]


def test_a_confirmation_bears_name_and_time(org, kim, caller):
    row = say(caller, org, "package_6", state=State.CONFIRMED)
    assert (status(org, "package_6").state, row.confirmed_by) == (State.CONFIRMED, kim)
    assert row.confirmed is not None


def test_a_change_of_note_keeps_the_signature_of_another(org, kim, caller):
    signed = say(caller, org, "package_6", state=State.CONFIRMED).confirmed
    other = Caller(user=user(), channel=Channel.WEB, request_id="r2")
    row = say(other, org, "package_6", note="Se referatet")
    assert (row.confirmed_by, row.confirmed) == (kim, signed)


def test_taking_the_word_back_takes_the_signature(org, caller):
    say(caller, org, "package_6", state=State.CONFIRMED)
    row = say(caller, org, "package_6", state=State.MISSING)
    assert (row.confirmed_by, row.confirmed) == (None, None)
    assert status(org, "package_6").state is State.MISSING


def test_what_the_portal_sees_is_never_stored_and_wins(org, caller):
    say(caller, org, "user_administrator", state=State.MISSING, responsible_name="Bo")
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    assert status(org, "user_administrator").state is State.DONE
    assert ReadinessLine.objects.get().state == State.MISSING


def test_an_order_is_under_way(org, caller):
    say(caller, org, "identification", state=State.ORDERED, evidence="Bestilt den 3. november 2026")
    one = status(org, "identification")
    assert (one.state, one.mark, one.finished) == (State.ORDERED, "started", False)


def test_each_change_is_one_event_with_before_and_after(org, caller):
    say(caller, org, "package_6", state=State.CONFIRMED)
    say(caller, org, "package_6", state=State.NOT_RELEVANT, evidence="Vi bruger ikke rollerne")
    assert [(one["tag"], one["before"].get("state"), one["after"]["state"]) for one in payloads()] == [
        ("READINESS_CHANGED", None, "CONFIRMED"),
        ("READINESS_CHANGED", "CONFIRMED", "NOT_RELEVANT"),
    ]
    assert payloads()[0]["object"][2] == "Opgavepakke 6 er færdig: Roller og rettigheder"


def test_people_and_free_text_stand_outside_the_chain(org, caller):
    say(caller, org, "package_6", responsible_name="Bo Skabelon", responsible_email="bo@example.org", note="Bo er syg")
    assert not any("Bo" in payload or "bo@" in payload for payload in Event.objects.values_list("payload", flat=True))
    assert {'"Bo Skabelon"', '"bo@example.org"', '"Bo er syg"'} <= set(
        EventDetail.objects.values_list("value", flat=True)
    )


def test_two_savers_lose_nothing(org, caller):
    say(caller, org, "package_6", state=State.CONFIRMED)
    _line, row = readiness.find(org, "package_6")
    say(caller, org, "package_6", note="Først")
    row.note = "Sidst"
    with pytest.raises(StaleVersion) as stale:
        readiness.save(caller=caller, row=row, version=row.version)
    assert stale.value.current.note == "Først"


def test_two_first_savers_lose_nothing(org, caller):
    _line, row = readiness.find(org, "package_6")
    say(caller, org, "package_6", note="Først")
    row.note = "Sidst"
    with pytest.raises(StaleVersion) as stale:
        readiness.save(caller=caller, row=row, version=row.version)
    assert stale.value.current.note == "Først"
    assert Event.objects.count() == 1


def test_own_line_counts_in_its_step(org, caller):
    row = ReadinessLine(organisation=org, step=2, text="Ret brevskabelonerne")
    readiness.save(caller=caller, row=row, version=1)
    one = status(org, str(row.pk))
    assert (one.line.title, one.line.step, one.line.counts, one.state) == (
        "Ret brevskabelonerne",
        2,
        True,
        State.MISSING,
    )


def test_own_line_can_be_deleted_and_a_line_of_the_guide_cannot(org, caller):
    own = readiness.save(caller=caller, row=ReadinessLine(organisation=org, step=2, text="Egen"), version=1)
    readiness.delete(caller=caller, row=own, version=1)
    assert not ReadinessLine.objects.exists()
    assert payloads()[-1]["before"]["text"] == "Egen"
    kept = say(caller, org, "package_6", note="x")
    with pytest.raises(ValueError, match="guide"):
        readiness.delete(caller=caller, row=kept, version=1)


def test_find_knows_no_line_of_another_organisation(org, caller):
    own = readiness.save(caller=caller, row=ReadinessLine(organisation=organisation(), step=1, text="Egen"), version=1)
    assert readiness.find(org, str(own.pk)) is None
    assert readiness.find(org, "nothing") is None


# --- Dates ---


def test_due_follows_the_step_unless_a_date_is_given(org, caller):
    save_deadlines(caller=caller, organisation=org, wanted={Kind.SYSTEMS: Wanted(date=dt.date(2099, 1, 31))}, version=0)
    say(caller, org, "sender_systems", due=dt.date(2099, 1, 1))
    assert (status(org, "sender_systems").due, status(org, "sender_systems").step_due) == (dt.date(2099, 1, 1), False)
    assert (status(org, "credentials").due, status(org, "credentials").step_due) == (dt.date(2099, 1, 31), True)
    assert status(org, "package_3").due is None


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False)])
def test_overdue_from_the_day_after(org, caller, days, late):
    say(caller, org, "package_6", due=timezone.localdate() + dt.timedelta(days=days))
    assert status(org, "package_6").late is late


def test_finished_is_never_overdue(org, caller):
    say(caller, org, "package_6", due=timezone.localdate() - dt.timedelta(days=9), state=State.CONFIRMED)
    assert (status(org, "package_6").late, status(org, "package_6").mark) == (False, "done")


# --- Steps and outputs ---


def test_steps_add_up(org, caller):
    counted = {
        step.guide.step.value: (step.tally.finished, step.tally.total) for step in steps(board(org, at=NOW).statuses)
    }
    assert counted == {1: (1, 5), 2: (0, 4), 3: (0, 3), 4: (0, 1)}


def test_a_step_without_relevant_lines_is_not_relevant():
    found = steps(board(organisation(contactable=False), at=NOW).statuses)
    assert [step.tally.mark for step in found] == ["started", "missing", "not-relevant", "not-relevant"]


def test_outputs_are_the_four_of_the_guide(org):
    found = outputs(board(org, at=NOW).statuses)
    assert [[one.line.key for one in output.statuses] for output in found] == [
        ["terms", "user_administrator", "roles", "signed_in"],
        ["sender_systems"],
        ["recipient_systems"],
        ["contact_points", "points_connected"],
    ]


def test_what_a_departing_person_was_responsible_for(org, caller):
    leaving = user(email="bo@example.org")
    say(caller, org, "package_6", responsible_name="Bo", responsible_email="BO@example.org")
    say(caller, org, "package_5", responsible_name="Bo", responsible_email="bo@example.org", state=State.CONFIRMED)
    assert readiness.responsibilities(leaving, org) == [str(LINES["package_6"].title)]
    assert readiness.responsibilities in slots.fillings("departures")
