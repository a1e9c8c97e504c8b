"""The address of a calendar (`calendar`, `calendar_revoke`) and the calendar itself (`calendar_feed`)."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from adgang.calendar import links, views
from adgang.logs import clean
from organisations.callers import Caller
from organisations.departing import depart
from organisations.models import Deadline, Event, Organisation, Privilege, ReadinessLine, SecretLink, User
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, grant, organisation, user_with
from tests.factories.systems import system
from tests.systems.logged import tags

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")


def page(ours: Organisation, name: str = "calendar") -> str:
    return reverse(name, args=[ours.cvr_number])


def made(person: User, ours: Organisation) -> str:
    token = links.make(caller=CALLER, user=person, organisation=ours, at=timezone.now())
    return reverse("calendar_feed", args=[token])


def lines(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.replace(b"\r\n ", b"").decode()


def test_the_three_people():
    ours = organisation()
    statuses = {
        "member": client_for(user_with(Role.STATISTICS_ADMINISTRATOR, organisation=ours)).get(page(ours)).status_code,
        "log reader": client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=ours))
        .get(page(ours))
        .status_code,
        "stranger": client_for(user_with(Role.READER, organisation=organisation())).get(page(ours)).status_code,
    }
    assert statuses == {"member": 200, "log reader": 200, "stranger": 404}


def test_the_address_appears_once_and_only_its_hash_is_kept():
    ours = organisation()
    client = client_for(user_with(Role.READER, organisation=ours))
    answer = client.post(page(ours))
    [address] = re.findall(r"/kalender/[\w-]{43}/adgang\.ics", answer.content.decode())[:1]
    token = address.split("/")[2]
    assert "no-store" in answer["Cache-Control"]
    assert Client().get(address).status_code == 200
    assert token not in client.get(page(ours)).content.decode()
    assert token not in str([*SecretLink.objects.values(), *Event.objects.values()])
    assert tags(ours) == ["CALENDAR_LINK_MADE"]


def test_a_new_address_ends_the_old_one_and_revoking_ends_it():
    ours = organisation()
    person = user_with(Role.READER, organisation=ours)
    first, second = made(person, ours), made(person, ours)
    assert [Client().get(one).status_code for one in (first, second)] == [404, 200]
    client = client_for(person)
    assert client.get(page(ours, "calendar_revoke")).status_code == 200
    client.post(page(ours, "calendar_revoke"))
    client.post(page(ours, "calendar_revoke"))
    assert Client().get(second).status_code == 404
    assert tags(ours).count("CALENDAR_LINK_REVOKED") == 1


def test_it_tells_of_certificates_in_use_ones_own_and_deadlines():
    ours = organisation(name="Klitby; Kommune")
    used = certificates.certificate(organisation=ours, name="Brev, hurtigt")
    for name in ("Brevmotor", "Post"):
        system(organisation=ours, certificate=used, name=name)
    certificates.certificate(organisation=ours, name="Ubrugt")
    Deadline.objects.create(organisation=ours, kind="GO_LIVE", date=dt.date(2027, 3, 1), source="DIO")
    person = user_with(Role.READER, organisation=ours)
    certificates.certificate(organisation=ours, user=person, name="Mona")
    text = lines(made(person, ours))
    assert "SUMMARY:Brev\\, hurtigt udløber (Klitby\\; Kommune)" in text
    assert "Brevmotor\\, Post" in text
    assert "Ubrugt" not in text
    assert "SUMMARY:Mona udløber" in text
    assert "DTSTART;VALUE=DATE:20270301" in text
    assert text.count("BEGIN:VEVENT") == 4


def test_it_tells_when_lines_are_due_that_are_not_done():
    ours, day = organisation(), dt.date(2027, 2, 5)
    line = {"organisation": ours, "due": day}
    ReadinessLine.objects.create(**line, key="letters_marked", state="ORDERED", responsible_name="Mona Mo")
    ReadinessLine.objects.create(**line, text="Sprog i brevene")
    ReadinessLine.objects.create(**line, text="Er gjort", state="DONE")
    ReadinessLine.objects.create(organisation=ours, text="Uden dato")
    text = lines(made(user_with(Role.READER, organisation=ours), ours))
    assert text.count("DTSTART;VALUE=DATE:20270205") == 2
    assert "SUMMARY:Frist: Sprog i brevene" in text
    assert "Ansvarlig: Mona Mo" in text
    assert [name in text for name in ("Er gjort", "Uden dato")] == [False, False]
    vendor = user_with(Role.READER, organisation=ours, system_id=system(organisation=ours).pk)
    assert "Frist:" not in lines(made(vendor, ours))


def test_it_tells_when_roles_end_ones_own_and_those_of_people_one_sees():
    ours, ends = organisation(), timezone.now() + dt.timedelta(days=40)
    reader, statistician = (
        user_with(role, organisation=ours, name=name)
        for role, name in ((Role.READER, "Rie Ro"), (Role.STATISTICS_ADMINISTRATOR, "Stig Su"))
    )
    grant(user=reader, role=Role.CONTACT_ADMINISTRATOR, organisation=ours, active_to=ends)
    grant(user=statistician, role=Role.RECALL_ADMINISTRATOR, organisation=ours, active_to=ends)
    grant(user=statistician, role=Role.LETTER_ADMINISTRATOR, organisation=ours, active_to=timezone.now())
    seen = lines(made(reader, ours))
    assert "SUMMARY:Din rolle Kontaktstrukturadministrator ophører" in seen
    assert seen.count("SUMMARY:Stig Su: rollen Tilbagekaldelsesadministrator ophører") == 1
    own = lines(made(statistician, ours))
    assert [own.count("SUMMARY:Din rolle"), own.count("Rie Ro")] == [1, 0]


def test_it_shows_what_the_person_may_see_today():
    ours = organisation()
    for name in ("Mit", "Andres"):
        options = {"name": f"{name} certifikat"}
        system(organisation=ours, name=name, certificate=certificates.certificate(organisation=ours, **options))
    mine = ours.systems.get(name="Mit")
    vendor = user_with(Role.READER, organisation=ours, system_id=mine.pk)
    statistician = user_with(Role.STATISTICS_ADMINISTRATOR, organisation=ours)
    address = made(vendor, ours)
    assert "Mit certifikat" in lines(address)
    assert "Andres" not in lines(address)
    assert "certifikat" not in lines(made(statistician, ours))
    Privilege.objects.filter(user=vendor).delete()
    assert Client().get(address).status_code == 404


def test_it_ends_with_the_person_and_does_not_come_back_with_them():
    ours = organisation()
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=ours)
    person = user_with(Role.READER, organisation=ours)
    address = made(person, ours)
    depart(caller=CALLER, organisation=ours, user=person)
    grant(user=person, role=Role.READER, organisation=ours)
    assert Client().get(address).status_code == 404


def test_uids_stay_the_same_and_the_language_is_the_persons():
    ours = organisation()
    system(organisation=ours, certificate=certificates.certificate(organisation=ours))
    address = made(user_with(Role.READER, organisation=ours, language="en"), ours)
    first, second = lines(address), lines(address)
    assert first == second
    assert "expires (" in first


def test_headers_and_other_methods():
    ours = organisation()
    address = made(user_with(Role.READER, organisation=ours), ours)
    response = Client().get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    assert Client().post(address).status_code == 405


def test_one_that_is_over_unknown_or_of_a_closed_account_opens_nothing():
    ours = organisation()
    person = user_with(Role.READER, organisation=ours)
    address = made(person, ours)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert Client().get(address).status_code == 404
    User.objects.filter(pk=person.pk).update(is_active=True)
    SecretLink.objects.update(expires=timezone.now())
    assert Client().get(address).status_code == 404
    assert Client().get(reverse("calendar_feed", args=["a" * 43])).status_code == 404


def test_too_many_fetches_are_refused(monkeypatch):
    monkeypatch.setattr(views, "FETCHES_AN_HOUR", 2)
    ours = organisation()
    address = made(user_with(Role.READER, organisation=ours), ours)
    assert [Client().get(address).status_code for _ in range(3)] == [200, 200, 429]
    refused = Client().get(address)
    assert refused.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert refused.content.decode() == "Denne kalender er hentet for mange gange. Prøv igen om 60 minutter.\n"
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600


@pytest.mark.parametrize(("language", "said"), [("da", "fra dit netværk"), ("en", "from your network")])
def test_a_network_that_guesses_is_told_in_its_language(monkeypatch, language, said):
    monkeypatch.setattr(views, "TRIES_AN_HOUR", 0)
    refused = Client().get(reverse("calendar_feed", args=["a" * 43]), headers={"Accept-Language": language})
    assert (refused.status_code, refused.headers["X-Robots-Tag"]) == (429, "noindex, nofollow")
    assert said in refused.content.decode()


def test_the_log_does_not_hold_the_secret():
    token = "x" * 43
    assert token not in clean(f"GET {reverse('calendar_feed', args=[token])}")
