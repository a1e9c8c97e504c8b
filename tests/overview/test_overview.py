"""The overview page: what it shows to whom, in how many queries, on paper and as CSV."""

import csv
import datetime as dt
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from adgang.lib.problems import Weight
from adgang.overview import problems
from adgang.overview.board import board
from adgang.overview.lines import LINES
from organisations.models import Deadline, Event, Invitation, Material, ReadinessLine
from systems.models import Protocol
from tests.factories.certificates import ssh_key
from tests.factories.contacts import point
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.factories.systems import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def owner(org):
    return user_with(
        Role.ORGANISATION_USER_ADMINISTRATOR,
        Role.ORGANISATION_ADMINISTRATOR,
        Role.CONTACT_ADMINISTRATOR,
        organisation=org,
        name="Kim Prøvesen",
    )


def address(org):
    return reverse("overview", args=[org.cvr_number])


def opened(person, org):
    response = client_for(person).get(address(org))
    assert response.status_code == 200
    return response


def lines(response):
    return {shown.line.key: shown for _, listed in response.context["steps"] for shown in listed}


def test_shows_every_line_of_the_guide_once(org, owner):
    response = opened(owner, org)
    assert list(lines(response)) == list(LINES)
    html = response.content.decode()
    assert [html.count(f'id="line-{key}"') for key in LINES] == [1] * len(LINES)


def test_owner_is_led_to_the_cure(org, owner):
    shown = lines(opened(owner, org))
    assert shown["sender_systems"].cure_url == reverse("systems", args=[org.cvr_number])
    assert shown["package_3"].cure_url == reverse("readiness_line", args=[org.cvr_number, "package_3"])
    assert shown["sender_systems"].who == []


def test_reader_learns_who_can(org, owner):
    reader = user_with(Role.READER, organisation=org)
    shown = lines(opened(reader, org))
    assert (shown["sender_systems"].cure_url, shown["sender_systems"].edit_url) == ("", "")
    assert shown["sender_systems"].who == ["Systemadministrator: Kim Prøvesen"]
    assert shown["package_2"].who == ["Brevansvarlig (ingen har rollen endnu)"]


def test_evidence_leads_only_where_the_reader_may_go(org, owner):
    statistics = user_with(Role.STATISTICS_ADMINISTRATOR, organisation=org)
    assert lines(opened(owner, org))["user_administrator"].evidence[0].url != ""
    assert lines(opened(statistics, org))["user_administrator"].evidence[0].url == ""


def test_a_grant_for_one_system_does_not_open_the_overview(org):
    vendor = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=system(organisation=org).pk)
    assert client_for(vendor).get(address(org)).status_code == 403


def test_stranger(org, owner):
    stranger = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    assert client_for(stranger).get(address(org)).status_code == 404


def test_nobody(org):
    assert client_for(None).get(address(org))["Location"].startswith(reverse("sign_in"))


def test_what_people_wrote_is_escaped(org, owner):
    ReadinessLine.objects.create(organisation=org, step=1, text="<script>alert(1)</script>", note="<b>fed</b>")
    html = opened(owner, org).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;fed&lt;/b&gt;" in html
    assert "<script>alert" not in html


def test_draws_both_pictures(org, owner):
    html = opened(owner, org).content.decode()
    assert (html.count('class="guide guide--wide"'), html.count('class="guide guide--tall"')) == (1, 1)


def test_deadlines_in_working_days(org, owner):
    today = timezone.localdate()
    Deadline.objects.create(
        organisation=org, kind=Deadline.Kind.SYSTEMS, date=today - dt.timedelta(days=3), source="DIO"
    )
    response = opened(owner, org)
    dates = {date.label: (date.distance, date.late) for date in response.context["dates"] if date.deadline}
    assert dates == {Deadline.Kind.SYSTEMS.label: ("for 3 dage siden", True)}
    assert lines(response)["sender_systems"].status.late
    assert response.context["steps"][1][0].tally.mark == "late"


def test_open_problems_come_worst_first(org, owner):
    found = [one.problem for one in problems.found(organisation(accepted=False))]
    assert [problem.weight for problem in found] == sorted((problem.weight for problem in found), reverse=True)
    assert found[0].weight is Weight.ERROR
    assert all(problem.url.startswith("/") for problem in found)


def test_people_to_involve(org, owner):
    Invitation.objects.create(
        organisation=org,
        email="eva@example.org",
        name="Eva Eksempel",
        roles=[Role.CONTACT_ADMINISTRATOR.value],
        expires=timezone.now() + dt.timedelta(days=7),
    )
    ReadinessLine.objects.create(organisation=org, key="identification", responsible_name="Lone Lra")
    involved = opened(owner, org).context["people"]
    assert [(one.names, one.invited) for one in involved] == [
        (["Kim Prøvesen"], []),
        (["Lone Lra"], []),
        (["Kim Prøvesen"], []),
        (["Kim Prøvesen"], ["Eva Eksempel"]),
        ([], []),
        ([], []),
    ]
    assert involved[0].url == reverse("person_invite", args=[org.cvr_number])
    reader = user_with(Role.READER, organisation=org)
    assert {one.url for one in opened(reader, org).context["people"]} == {""}


def test_checks_show_failures_first(org, owner):
    now = timezone.now()
    hours = {"Fejler": ("FAILED", 9), "Frisk": ("PASSED", 1), "Mærket": ("WARNING", 2)}
    for name, (status, ago) in hours.items():
        health = {"last_check": now - dt.timedelta(hours=ago), "last_check_status": status}
        system(organisation=org, name=name, health=health)
    system(organisation=org, name="Ny")
    found = opened(owner, org).context["checks"]
    assert [(check.name, check.mark) for check in found] == [
        ("Fejler", "late"),
        ("Frisk", "done"),
        ("Mærket", "warning"),
        ("Ny", "missing"),
    ]


def test_materials_in_the_readers_language(org, owner):
    Material.objects.create(kind="MATERIAL", title_da="Vejledning", title_en="Guidance", url="https://eksempel.dk/v")
    Material.objects.create(kind="CONTACT", title_da="Support")
    Material.objects.create(kind="REQUIREMENT", title_da="Modtager MeMo", step=2)
    client = client_for(owner)
    danish = client.get(address(org)).context
    assert [one.title for one in danish["materials"]] == ["Vejledning"]
    client.cookies["django_language"] = "en"
    english = client.get(address(org)).context
    assert [one.title for one in english["materials"]] == ["Guidance"]
    assert [one.title for one in english["contacts"]] == ["Support"]


def test_csv(org, owner):
    ReadinessLine.objects.create(
        organisation=org, step=2, text="=1+1", responsible_name="Bo", due=dt.date(2099, 1, 31), note="Linje 1"
    )
    response = client_for(owner).get(address(org), {"format": "csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert json.loads(Event.objects.get().payload)["after"] == {"list": "overview", "format": "csv"}
    assert response["Content-Disposition"].startswith(f'attachment; filename="overblik-{org.cvr_number}-')
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(table) == len(LINES) + 1
    own = next(row for row in table if row["Art"] == "Egen linje")
    assert own == {
        "Trin": "2",
        "Hvad der skal gøres": "'=1+1",
        "Art": "Egen linje",
        "Status": "Mangler",
        "Dokumentation": "",
        "Oplyst af": "",
        "Ansvarlig": "Bo",
        "Den ansvarliges e-mail": "",
        "Frist": "31-01-2099",
        "Jeres note": "Linje 1",
    }


def fill(org, size):
    for number in range(size):
        holder = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org)
        grant(user=holder, role=Role.READER, organisation=org)
        receiver = system(
            organisation=org, protocol=Protocol.SFTP, ssh_username="a", ssh_key=ssh_key(organisation=org), active=True
        )
        point(organisation=org, system=receiver)
        person = user()
        ReadinessLine.objects.create(organisation=org, step=2, text=f"Egen {number}", state="DONE", confirmed_by=person)
        Material.objects.create(title_da=f"Bilag {number}")
        Invitation.objects.create(
            organisation=org,
            email=person.email,
            name="X",
            roles=[],
            expires=timezone.now() + dt.timedelta(1),
        )


def counted(client, org):
    with CaptureQueriesContext(connection) as queries:
        client.get(address(org))
    return len(queries)


def test_queries_do_not_grow(org, owner, django_assert_num_queries):
    client = client_for(owner)
    client.get(address(org))  # the session is prolonged once
    fill(org, 1)
    with django_assert_num_queries(10):
        board(org, at=timezone.now())
    few = counted(client, org)
    fill(org, 6)
    with django_assert_num_queries(10):
        board(org, at=timezone.now())
    assert counted(client, org) == few
