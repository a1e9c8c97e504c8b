"""The list of certificates and keys (`credentials`): who sees what, filters, files, the picture of expiries."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, Standing
from organisations.models import Organisation
from systems import timeline
from systems.credential_rows import credentials_of, whose
from systems.models import Protocol, System
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import system

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOLDERS = [f"0f8fad5b-d9cb-469f-a165-7086772895{number:02}" for number in range(20)]


def url(ours: Organisation, query: str = "") -> str:
    return reverse("credentials", args=[ours.cvr_number]) + query


def kept(ours: Organisation, *, days: int, number: int = 0, name: str = "Prøvesystem", **more):
    until = timezone.now() + days * DAY
    begin = until - 1000 * DAY
    received = timezone.now() if days > 0 else until - DAY
    return certificates.certificate(
        organisation=ours, at=begin, until=until, holder_id=HOLDERS[number], name=name, received=received, **more
    )


def page(ours: Organisation, query: str = "", role: Role = Role.ORGANISATION_ADMINISTRATOR, **limit) -> str:
    client = client_for(user_with(role, organisation=ours, **limit))
    return client.get(url(ours, query)).content.decode()


def test_the_three_people():
    ours = organisation()
    statuses = {
        "owner": client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours)).get(url(ours)).status_code,
        "colleague": client_for(user_with(Role.STATISTICS_ADMINISTRATOR, organisation=ours)).get(url(ours)).status_code,
        "stranger": client_for(user_with(Role.READER, organisation=organisation())).get(url(ours)).status_code,
    }
    assert statuses == {"owner": 200, "colleague": 403, "stranger": 404}


def test_a_certificate_of_several_systems_is_one_row_that_names_them_all():
    ours = organisation()
    first = kept(ours, days=400)
    again = certificates.certificate(
        organisation=ours, at=first.not_before, until=first.not_after, holder_id=HOLDERS[0]
    )
    again.sha256 = first.sha256  # PSS signatures differ each time, so the second is made the first
    again.save()
    system(organisation=ours, name="Sagsbasen", certificate=first)
    system(organisation=ours, name="Brevmotor", certificate=again)
    shown = page(ours)
    assert "Viser 1–1 af 1" in shown
    assert "Brevmotor" in shown
    assert "Sagsbasen" in shown


def test_a_role_limited_to_one_system_shows_what_that_system_uses():
    ours = organisation()
    one = system(organisation=ours, name="Mit system", certificate=kept(ours, days=400, name="Mit certifikat"))
    system(organisation=ours, name="Andres", certificate=kept(ours, days=300, number=1, name="Andres certifikat"))
    shown = page(ours, system_id=one.pk)
    assert "Mit certifikat" in shown
    assert "Andres" not in shown


def test_employee_certificates_are_for_those_who_may_see_people():
    ours = organisation()
    person = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours)
    certificates.certificate(organisation=ours, user=person, name="Mona Medarbejder")
    assert "Mona Medarbejder" not in page(ours)
    assert "Mona Medarbejder" in page(ours, role=Role.READER)
    assert "Mona Medarbejder" in client_for(person).get(url(ours)).content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?state=expired", {"Udløbet"}),
        ("?state=expiring", {"Snart"}),
        ("?state=valid", {"Snart", "Længe", "noegle"}),
        ("?use=no", {"Længe"}),
        ("?use=yes", {"Udløbet", "Snart", "noegle"}),
        ("?kind=SSH", {"noegle"}),
        ("?kind=VOCES", {"Snart"}),
        ("?q=længe", {"Længe"}),
        ("?sort=-until", {"Udløbet", "Snart", "Længe", "noegle"}),
        ("?sort=name&kind=nonsens&state=nonsens", {"Udløbet", "Snart", "Længe", "noegle"}),
    ],
)
def test_filters_and_search(query, shown):
    ours = organisation()
    system(organisation=ours, certificate=kept(ours, days=-5, number=1, name="Udløbet"))
    system(organisation=ours, certificate=kept(ours, days=20, number=2, name="Snart", kind="VOCES"))
    kept(ours, days=400, number=3, name="Længe")
    key = certificates.ssh_key(organisation=ours, line=f"{certificates.ED25519} noegle")
    system(organisation=ours, protocol=Protocol.SFTP, ssh_key=key)
    response = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours)).get(url(ours, query))
    told = response.context["list"].body()
    assert {word for word in ("Udløbet<", "Snart<", "Længe<", "noegle (") if word in told} == {
        f"{word} (" if word == "noegle" else f"{word}<" for word in shown
    }


def test_a_revoked_one_is_marked_and_found():
    ours = organisation()
    for number, name in enumerate(("Spærret", "Gyldigt")):
        kept(ours, days=400, number=number, name=name)
    Standing.objects.update_or_create(
        certificate=Certificate.objects.get(subject__contains="Spærret"), defaults={"revocation": "revoked"}
    )
    shown = {state: page(ours, f"?state={state}") for state in ("revoked", "valid")}
    assert [">Spærret</a>" in shown[state] for state in ("revoked", "valid")] == [True, False]
    assert [">Gyldigt</a>" in shown[state] for state in ("revoked", "valid")] == [False, True]


def test_the_list_of_one_system_and_the_order():
    ours = organisation()
    one = system(organisation=ours, certificate=kept(ours, days=20, number=1, name="Først"))
    one.next_certificate, one.next_certificate_from = kept(ours, days=900, number=1, name="Siden"), timezone.now() + DAY
    one.save()
    kept(ours, days=400, number=3, name="Andet")
    rows = credentials_of(ours, systems=System.objects.all(), people=whose(None, everybody=False), limited=False)
    response = client_for(user_with(Role.READER, organisation=ours)).get(url(ours, f"?system={one.pk}"))
    shown = response.context["list"].body()
    assert rows.count() == 3
    assert (shown.count("<tr>"), "Andet" in shown) == (2, False)
    assert 0 < shown.index("Først") < shown.index("Siden")


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_the_list_as_a_file(format_):
    ours = organisation()
    system(organisation=ours, name="Sagsbasen", certificate=kept(ours, days=20, name="Snart"))
    certificates.ssh_key(organisation=ours)
    response = client_for(user_with(Role.READER, organisation=ours)).get(url(ours, f"?format={format_}"))
    assert response.status_code == 200
    if format_ == "csv":
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) == 3
        assert "Sagsbasen" in lines[1]


def test_the_picture_counts_by_month_what_is_in_use():
    ours, at = organisation(), timezone.now()
    system(organisation=ours, certificate=kept(ours, days=-5, number=1))
    system(organisation=ours, certificate=kept(ours, days=1, number=2))
    system(organisation=ours, certificate=kept(ours, days=800, number=3))
    kept(ours, days=2, number=4)  # nobody uses it
    rows = credentials_of(ours, systems=System.objects.all(), people=whose(None, everybody=False), limited=False)
    slots = timeline.timeline(ours.cvr_number, rows.used(), at=at)
    assert [slots[0].count, sum(slot.count for slot in slots[1:]), len(slots)] == [1, 1, 13]
    assert slots[1].first == timezone.localdate(at).replace(day=1)
    assert f"Udløbet: {1}" in timeline.in_words(slots) or "Expired: 1" in timeline.in_words(slots)


@pytest.mark.parametrize(
    "at", [dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.UTC), dt.datetime(2027, 12, 1, tzinfo=dt.UTC)]
)
def test_the_months_follow_each_other_over_the_turn_of_the_year(at):
    ours = organisation()
    rows = credentials_of(ours, systems=System.objects.all(), people=whose(None, everybody=False), limited=False)
    months = [slot.first for slot in timeline.timeline(ours.cvr_number, rows, at=at)[1:]]
    assert len(set(months)) == 12
    assert months == sorted(months)
    assert months[0] == timezone.localtime(at).date().replace(day=1)


def test_as_many_queries_with_many_as_with_one(django_assert_max_num_queries):
    ours = organisation()
    client = client_for(user_with(Role.READER, organisation=ours))
    for number in range(6):
        system(organisation=ours, certificate=kept(ours, days=100 + number, number=number))
    client.get(url(ours))
    with django_assert_max_num_queries(12):
        client.get(url(ours))
