"""The dates: what the guide proposes, how they are saved, and who may."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from adgang.overview.deadlines import Basis, Kind, StalePlan, Wanted, plan_of, propose, save
from adgang.overview.page import distance
from organisations.callers import Caller
from organisations.models import Deadline, Event
from tests.factories.organisations import Role, client_for, organisation, user_with

CALLER = Caller.command("test")


@pytest.mark.parametrize(
    ("go_live", "today", "set_up", "basis"),
    [
        # The process guide's own example: go-live at the end of November 2021, set up by the end of October.
        (dt.date(2021, 11, 30), dt.date(2021, 9, 15), dt.date(2021, 10, 31), Basis.MONTH_BEFORE),
        (dt.date(2027, 1, 1), dt.date(2026, 11, 23), dt.date(2026, 12, 31), Basis.MONTH_BEFORE),
        # 10 working days are enough: 17.–30. November.
        (dt.date(2026, 12, 15), dt.date(2026, 11, 16), dt.date(2026, 11, 30), Basis.MONTH_BEFORE),
        (dt.date(2026, 12, 15), dt.date(2026, 11, 17), dt.date(2026, 12, 8), Basis.SHORT),
        # The month before is past; Easter (25.–29. March 2027) is no work.
        (dt.date(2027, 3, 31), dt.date(2027, 3, 8), dt.date(2027, 3, 19), Basis.SHORT),
        (dt.date(2026, 11, 27), dt.date(2026, 11, 23), dt.date(2026, 11, 23), Basis.AT_ONCE),
        (dt.date(2026, 11, 2), dt.date(2026, 11, 23), dt.date(2026, 11, 2), Basis.AT_ONCE),
    ],
)
def test_propose(go_live, today, set_up, basis):
    proposal = propose(go_live, today=today)
    assert (proposal.set_up, proposal.basis) == (set_up, basis)
    assert proposal.dates == {Kind.SYSTEMS: set_up, Kind.CONTACT_STRUCTURE: set_up, Kind.GO_LIVE: go_live}


@pytest.fixture
def org(db):
    return organisation()


def wanted(**dates):
    return {Kind[name]: Wanted(date=date, source="DIO") for name, date in dates.items()}


def test_save_creates_changes_and_removes(org):
    first = save(caller=CALLER, organisation=org, wanted=wanted(GO_LIVE=dt.date(2027, 3, 1)), version=0)
    assert first.date(Kind.GO_LIVE) == dt.date(2027, 3, 1)
    second = save(
        caller=CALLER,
        organisation=org,
        wanted=wanted(GO_LIVE=None, SYSTEMS=dt.date(2027, 2, 28)),
        version=first.version,
    )
    assert list(second.deadlines) == [Kind.SYSTEMS]
    told = [json.loads(payload) for payload in Event.objects.order_by("seq").values_list("payload", flat=True)]
    assert [(one["tag"], one["before"].get("date"), one["after"].get("date")) for one in told] == [
        ("DEADLINE_CHANGED", None, "2027-03-01"),
        ("DEADLINE_CHANGED", "2027-03-01", None),
        ("DEADLINE_CHANGED", None, "2027-02-28"),
    ]


def test_saving_what_is_there_already_tells_nothing(org):
    plan = save(caller=CALLER, organisation=org, wanted=wanted(GO_LIVE=dt.date(2027, 3, 1)), version=0)
    again = save(caller=CALLER, organisation=org, wanted=wanted(GO_LIVE=dt.date(2027, 3, 1)), version=plan.version)
    assert again.version == plan.version
    assert Event.objects.count() == 1


def test_two_savers_lose_nothing(org):
    save(caller=CALLER, organisation=org, wanted=wanted(GO_LIVE=dt.date(2027, 3, 1)), version=0)
    with pytest.raises(StalePlan) as stale:
        save(caller=CALLER, organisation=org, wanted=wanted(GO_LIVE=dt.date(2027, 4, 1)), version=0)
    assert stale.value.current.date(Kind.GO_LIVE) == dt.date(2027, 3, 1)
    assert Deadline.objects.get().date == dt.date(2027, 3, 1)


def test_due_is_the_earliest_that_is_set(org):
    plan = save(
        caller=CALLER,
        organisation=org,
        wanted=wanted(GO_LIVE=dt.date(2027, 3, 1), SYSTEMS=dt.date(2027, 2, 28)),
        version=0,
    )
    assert plan.due([Kind.SYSTEMS, Kind.GO_LIVE]) == dt.date(2027, 2, 28)
    assert plan.due([Kind.CONTACT_STRUCTURE, Kind.GO_LIVE]) == dt.date(2027, 3, 1)
    assert plan.due([Kind.ACCESS_OPENS]) is None


# --- The page ---


def address(org):
    return reverse("deadlines", args=[org.cvr_number])


def posted(plan, **dates):
    empty = {f"{kind.value}_{part}": "" for kind in Kind for part in ("date", "source", "link")}
    return empty | {"version": str(plan.version)} | dates


@freeze_time("2026-11-23 12:00")
def test_proposals_fill_the_form_and_save_nothing(org):
    owner = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))
    response = owner.get(address(org), {"go_live": "15-12-2026"})
    assert response.context["proposal"].basis is Basis.SHORT
    assert response.context["form"]["SYSTEMS_date"].initial == dt.date(2026, 12, 8)
    assert "8. december 2026" in response.content.decode()
    assert not Deadline.objects.exists()


@pytest.mark.parametrize("typed", ["01-01-0001", "31-12-9999"])
def test_nothing_is_proposed_for_a_day_that_cannot_be_meant(org, typed):
    owner = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))
    response = owner.get(address(org), {"go_live": typed})
    assert response.context["proposal"] is None
    assert response.context["ask"].errors == {"go_live": ["Skriv et årstal fra 1900 til 2199"]}


def test_owner_saves(org):
    owner = client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org))
    values = posted(
        plan_of(org), GO_LIVE_date="01-03-2027", GO_LIVE_source="DIO", GO_LIVE_link="https://eksempel.dk/dio"
    )
    response = owner.post(address(org), values)
    assert response["Location"] == reverse("overview", args=[org.cvr_number])
    deadline = Deadline.objects.get()
    assert (deadline.kind, deadline.date, deadline.source, deadline.link) == (
        "GO_LIVE",
        dt.date(2027, 3, 1),
        "DIO",
        "https://eksempel.dk/dio",
    )


def test_a_link_that_is_too_long_is_refused(org):
    owner = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))
    link = f"https://eksempel.dk/{'a' * 181}"
    response = owner.post(address(org), posted(plan_of(org), GO_LIVE_date="01-03-2027", GO_LIVE_link=link))
    assert list(response.context["form"].errors) == ["GO_LIVE_link"]


def test_set_up_after_go_live_is_refused_and_nothing_typed_is_lost(org):
    owner = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))
    response = owner.post(
        address(org), posted(plan_of(org), GO_LIVE_date="01-03-2027", SYSTEMS_date="02-03-2027", SYSTEMS_source="DIO")
    )
    assert list(response.context["form"].errors) == ["SYSTEMS_date"]
    assert response.context["form"]["SYSTEMS_source"].value() == "DIO"
    assert not Deadline.objects.exists()


def test_conflict_shows_both_and_can_be_sent_again(org):
    owner = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))
    values = posted(plan_of(org), GO_LIVE_date="01-04-2027")
    save(caller=CALLER, organisation=org, wanted=wanted(GO_LIVE=dt.date(2027, 3, 1)), version=0)
    response = owner.post(address(org), values)
    assert response.status_code == 409
    differing = [(row.label, row.theirs, row.yours) for row in response.context["rows"] if row.differs]
    assert differing == [("Go-live: Dato", "01-03-2027", "01-04-2027"), ("Go-live: Kilde", "DIO", "")]
    assert owner.post(address(org), dict(response.context["resend"])).status_code == 302
    assert Deadline.objects.get().date == dt.date(2027, 4, 1)


@pytest.mark.parametrize(("role", "status"), [(Role.READER, 403), (Role.CONTACT_ADMINISTRATOR, 200)])
def test_colleagues(org, role, status):
    assert client_for(user_with(role, organisation=org)).get(address(org)).status_code == status


def test_stranger(org):
    stranger = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    assert client_for(stranger).get(address(org)).status_code == 404


def test_yesterday_is_past_and_today_is_not(org):
    today = timezone.localdate()
    assert distance(today, today=today) == "i dag"
    assert distance(today - dt.timedelta(days=1), today=today) == "for 1 dag siden"
