"""Many roles at once: all of it or nothing, at most 100 of each, and what is wrong with which line."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from adgang.lib import slots
from organisations import bulk_grants
from organisations.bulk_grants import Addition, Fault, change
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.grants import Wish
from organisations.models import Event, Privilege, UserGroup
from tests.factories.organisations import Role, client_for, employ, grant, organisation, user, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db
BOSS = Role.ORGANISATION_USER_ADMINISTRATOR
SYSTEM = uuid.uuid4()


@pytest.fixture
def org(monkeypatch):
    monkeypatch.setitem(slots._filled, "system_choices", [lambda organisation: [(SYSTEM, "Lønsystem")]])
    return organisation()


@pytest.fixture
def boss(org):
    return user_with(BOSS, organisation=org, email="chef@example.org")


def caller(person):
    return Caller(user=person, channel=Channel.WEB, request_id="r")


def addition(org, person, type_=Role.READER, **wish):
    return Addition(organisation=org, grantee=person, wish=Wish(type=type_, **wish))


def codes(outcome):
    return [(fault.position, fault.is_removal, fault.finding.code) for fault in outcome]


def held(org):
    return sorted(Privilege.objects.filter(scope=org).values_list("type", flat=True))


def colleague(org, email):
    made = user(email=email)
    employ(user=made, organisation=org)
    return made


def post(person, org, lines, act="try", **more):
    url = reverse("rights_bulk", args=[org.cvr_number])
    return client_for(person).post(url, {"lines": lines, "act": act, **more})


def test_all_is_done_in_one_transaction_and_recorded(org, boss):
    gone = user_with(Role.READER, organisation=org).privileges.get()
    given = change(
        caller=caller(boss),
        additions=[addition(org, user()), addition(org, user())],
        removals=[gone],
        reason="Ny drift",
    )
    assert [one.type for one in given] == ["READER", "READER"]
    tags = Event.objects.filter(organisation_id=org.pk).order_by("seq").values_list("tag", flat=True)
    assert list(tags) == [Tag.PRIVILEGES_REVOKED, Tag.PRIVILEGES_GRANTED, Tag.PRIVILEGES_GRANTED]


def test_one_fault_leaves_everything_as_it_was_and_all_faults_are_told(org, boss):
    reader = user_with(Role.READER, organisation=org)
    stranger = user_with(Role.READER, organisation=organisation()).privileges.get()
    outcome = change(
        caller=caller(boss),
        additions=[addition(org, user()), addition(org, reader), addition(org, user(), Role.SUPPORT)],
        removals=[stranger],
    )
    assert codes(outcome) == [
        (0, True, "privilege.not_yours"),
        (1, False, "privilege.held"),
        (2, False, "privilege.not_grantable"),
    ]
    assert held(org) == sorted([BOSS, Role.READER])
    assert not Event.objects.exists()


def test_the_last_administrator_is_counted_at_the_end(org, boss):
    mine = boss.privileges.get()
    outcome = change(caller=caller(boss), additions=[addition(org, user())], removals=[mine])
    assert codes(outcome) == [(0, True, "privilege.last_user_administrator")]
    heir = user()
    assert isinstance(change(caller=caller(boss), additions=[addition(org, heir, BOSS)], removals=[mine])[0], Privilege)
    assert Privilege.objects.get(scope=org).user == heir


def test_a_role_can_be_given_anew_with_another_end(org, boss):
    old = user_with(Role.READER, organisation=org).privileges.get()
    until = timezone.now() + dt.timedelta(days=3)
    given = change(caller=caller(boss), additions=[addition(org, old.user, active_to=until)], removals=[old])
    assert [one.active_to for one in given] == [until]


def test_a_dry_run_changes_nothing(org, boss):
    given = change(caller=caller(boss), additions=[addition(org, user())], dry_run=True)
    assert len(given) == 1
    assert held(org) == [BOSS]
    assert not Event.objects.exists()


def test_at_most_a_hundred(org, boss):
    too_many = [addition(org, user()) for _ in range(bulk_grants.AT_MOST + 1)]
    assert codes(change(caller=caller(boss), additions=too_many)) == [(100, False, "privilege.too_many")]
    assert len(change(caller=caller(boss), additions=too_many[:-1])) == 100


def test_a_chain_removed_with_its_child_is_removed_once(org, boss):
    vendor = organisation()
    parent = grant(delegate=vendor, role=Role.READER, organisation=org)
    child = grant(user=user(), role=Role.READER, organisation=org, parent=parent)
    assert change(caller=caller(boss), removals=[parent, child]) == []
    assert held(org) == [BOSS]


def test_a_stranger_gives_nothing(org):
    outcome = change(caller=caller(user_with(BOSS, organisation=organisation())), additions=[addition(org, user())])
    assert [fault.finding.code for fault in outcome if isinstance(fault, Fault)] == ["privilege.not_grantable"]


def test_lines_are_tried_then_carried_out(org, boss):
    colleague(org, "bo@example.org")
    UserGroup.objects.create(organisation=org, name="Driften")
    lines = "Handling;Hvem;Rolle\ngiv;bo@example.org;Læser\ngiv\tDriften\tSystemadministrator\tLønsystem\t31-12-2099"
    shown = post(boss, org, lines)
    assert "Alle linjer kan gennemføres" in text(shown)
    assert held(org) == [BOSS]
    response = post(boss, org, lines, act="apply", reason="Ny aftale")
    assert toasts(response) == ["2 linjer blev gennemført."]
    assert held(org) == sorted([BOSS, Role.ORGANISATION_ADMINISTRATOR, Role.READER])
    limited = Privilege.objects.get(group__name="Driften")
    assert (limited.system_id, limited.active_to.year) == (SYSTEM, 2099)
    assert toasts(post(boss, org, "fjern;bo@example.org;læser", act="apply")) == ["1 linje blev gennemført."]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("tag;bo@example.org;Læser", "hverken at give eller fjerne"),
        ("giv;fremmed@example.org;Læser", "Ingen her hedder"),
        ("giv;bo@example.org;Kejser", "Der er ingen rolle"),
        ("giv;bo@example.org;Læser;Ukendt system", "Der er intet system"),
        ("giv;bo@example.org;Læser;;32-13-2026", "er ingen dato"),
        ("giv;bo@example.org;Læser;;01-01-2020", "ville slutte, før den begynder"),
        ("fjern;bo@example.org;Læser", "har denne rolle"),
        ("fjern;chef@example.org;Brugeradministrator", "uden en varig brugeradministrator"),
        ("giv", "Ingen her hedder"),
        ('giv;"bo@example.org', "Der er ingen rolle"),
    ],
)
def test_what_is_wrong_stands_at_the_line(org, boss, line, says):
    colleague(org, "bo@example.org")
    shown = text(post(boss, org, line, act="apply"))
    assert says in shown
    assert "Nogle linjer kan ikke gennemføres" in shown
    assert held(org) == [BOSS]


def test_a_file_is_read_and_kept_on_the_page(org, boss):
    colleague(org, "bo@example.org")
    file = SimpleUploadedFile("roller.csv", "giv;bo@example.org;Læser\r\n".encode("utf-8-sig"))
    shown = post(boss, org, "", file=file).content.decode()
    assert "giv;bo@example.org;Læser" in shown
    bad = SimpleUploadedFile("roller.csv", b"\xff\xfe")
    assert "ikke UTF-8" in text(post(boss, org, "", file=bad))
    assert "Skriv mindst én linje" in text(post(boss, org, " "))


def test_three_people(org, boss):
    reader = user_with(Role.READER, organisation=org)
    stranger = user_with(BOSS, organisation=organisation())
    url = reverse("rights_bulk", args=[org.cvr_number])
    assert [client_for(one).get(url).status_code for one in (boss, reader, stranger)] == [200, 403, 404]


def test_more_lines_than_can_be_carried_out_are_not_read(org, boss):
    colleague(org, "bo@example.org")
    shown = post(boss, org, "giv;bo@example.org;Læser\n" * 5000, act="apply")
    assert "Mere end 100 roller på én gang" in text(shown)
    assert len(shown.context["lines"]) == 201
    assert held(org) == [BOSS]
