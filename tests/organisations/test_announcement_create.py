"""Writing an announcement: what is refused, what is seen first, whom it reaches by mail, and what the log keeps."""

import datetime as dt
import json
import uuid

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from organisations.mail import send_waiting
from organisations.models import Announcement, Event, GroupMember, Mail, UserGroup
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
URL = "/drift/meddelelser/opret/"
TEXTS = {
    "level": "WARNING",
    "title_da": "Fjernprint ligger stille",
    "title_en": "Remote print is down",
    "text_da": "Vi arbejder på det.",
    "text_en": "We are working on it.",
}


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def manager():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def typed(moment) -> str:
    return timezone.localtime(moment).strftime("%d-%m-%Y %H.%M")


def test_it_is_published_at_once_and_recorded(manager):
    answer = manager.post(URL, TEXTS)
    made = Announcement.objects.get()
    assert answer.url == reverse("announcement", args=[made.pk])
    assert (made.is_on(timezone.now()), made.until, made.mailed) == (True, None, None)
    payload = json.loads(Event.objects.get().payload)
    assert payload["tag"] == "ANNOUNCEMENT_PUBLISHED"
    assert payload["after"]["title_en"] == "Remote print is down"
    assert Event.objects.get().organisation_id == uuid.UUID(int=0)
    assert not Mail.objects.exists()


def test_it_is_seen_before_it_is_published(manager):
    ours = organisation(name="Klitby Kommune")
    user_with(Role.READER, organisation=ours)
    given = TEXTS | {"cvr_numbers": ours.cvr_number, "roles": ["READER"], "preview": "1"}
    page = text(manager.post(URL, given))
    assert "Vi arbejder på det." in page
    assert "We are working on it." in page
    assert "Klitby Kommune" in page
    assert "1 person" in page
    assert not Announcement.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_en": ""}, "Udfyld: Overskrift på engelsk"),
        ({"text_da": "x" * 2001}, "2000"),
        ({"title_da": "En\nto"}, "Skriv det på én linje"),
        ({"until": "01-01-2020 10.00"}, "Vælg et tidspunkt efter begyndelsen"),
        ({"starts": "i morgen"}, "Skriv"),
        ({"cvr_numbers": "99999999\n12"}, "linje 1: 99999999, 2: 12"),
        ({"roles": ["KING"]}, "KING"),
        ({"roles": ["READER"], "on_open_pages": "on"}, "Whoever"),
        ({"level": "LOUD"}, "LOUD"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(manager, wrong, said):
    answer = manager.post(URL, TEXTS | wrong)
    said = "Den, der ikke er logget ind" if said == "Whoever" else said
    assert answer.status_code == 200
    assert said in text(answer)
    assert not Announcement.objects.exists()
    if "text_da" not in wrong:
        assert "Vi arbejder på det." in answer.content.decode()


def test_mails_go_to_those_it_is_for_in_their_language(manager, django_capture_on_commit_callbacks):
    ours, theirs = organisation(), organisation()
    english = user_with(Role.READER, organisation=ours, language="en", email="en@example.org")
    member = user(email="gruppe@example.org")
    group = UserGroup.objects.create(organisation=ours, name="Driften")
    GroupMember.objects.create(group=group, user=member)
    grant(group=group, role=Role.READER, organisation=ours)
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours)
    user_with(Role.READER, organisation=ours, is_active=False)
    user_with(Role.READER, organisation=theirs)
    numbers = f"{ours.cvr_number[:2]} {ours.cvr_number[2:]}\n\n{ours.cvr_number}"
    with django_capture_on_commit_callbacks():
        manager.post(URL, TEXTS | {"cvr_numbers": numbers, "roles": ["READER"], "by_mail": "on"})
    assert Announcement.objects.get().cvr_numbers == [ours.cvr_number]
    assert set(Mail.objects.values_list("to", flat=True)) == {english.email, member.email}
    assert send_waiting(at=timezone.now()) == 2
    told = {message.to[0]: message for message in mail.outbox}
    assert told["en@example.org"].subject == "Remote print is down – TEST"
    assert "We are working on it." in told["en@example.org"].body
    assert "Vi arbejder på det." in told["gruppe@example.org"].body
    assert "/meddelelser/" in told["gruppe@example.org"].body
    assert "2 sendt, 0 venter, 0 opgivet" in text(
        manager.get(reverse("announcement", args=[Announcement.objects.get().pk]))
    )


def test_mails_of_a_planned_one_wait_for_it(manager):
    user_with(Role.READER, organisation=organisation())
    starts = timezone.now() + dt.timedelta(days=2)
    manager.post(URL, TEXTS | {"starts": typed(starts), "by_mail": "on"})
    assert send_waiting(at=timezone.now()) == 0
    assert Mail.objects.exclude(next_attempt=None).count() == 2  # the manager's own, too
    page = text(manager.get("/drift/meddelelser/?tilstand=planned"))
    assert "Fjernprint ligger stille" in page


def test_support_may_look_only():
    supporter = client_for(user_with(Role.SUPPORT, organisation=None))
    assert supporter.get("/drift/meddelelser/").status_code == 200
    assert "opret" not in supporter.get("/drift/meddelelser/").content.decode()
    assert supporter.get(URL).status_code == 403
    assert client_for(user_with(Role.READER, organisation=organisation())).get(URL).status_code == 404
