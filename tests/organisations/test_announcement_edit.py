"""Changing and withdrawing an announcement: versions, mails that wait, and what is over."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from organisations import announcements
from organisations.callers import Caller
from organisations.mail import NOT_WANTED, send_waiting
from organisations.models import Announcement, Event, Mail
from tests.factories.organisations import Role, announcement, client_for, organisation, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def manager():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def edit(made) -> str:
    return reverse("announcement_edit", args=[made.pk])


def withdrawal(made) -> str:
    return reverse("announcement_withdraw", args=[made.pk])


def form_of(client, made) -> dict[str, object]:
    """Return what the form holds as a browser would send it."""
    form = client.get(edit(made)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values["starts"] = timezone.localtime(made.starts).strftime("%d-%m-%Y %H.%M.%S")[:16]
    return {name: value for name, value in values.items() if value not in (None, False, "")}


def published(**fields) -> Announcement:
    """Return an announcement that was published by the rules, with its mails."""
    at = timezone.now()
    values = {"title_da": "Nyt", "title_en": "News", "text_da": "a", "text_en": "b", "starts": at} | fields
    return announcements.publish(caller=CALLER, announcement=Announcement(**values), at=at)


def test_only_what_changed_is_recorded(manager):
    made = published()
    manager.post(edit(made), form_of(manager, made) | {"text_da": "Nu med mere"})
    made.refresh_from_db()
    assert (made.text_da, made.version) == ("Nu med mere", 2)
    payload = json.loads(Event.objects.get(tag="ANNOUNCEMENT_CHANGED").payload)
    assert payload["before"]["text_da"] == "a"
    assert payload["after"]["text_da"] == "Nu med mere"
    assert "title_da" not in payload["after"]


def test_of_two_who_save_the_second_sees_both(manager):
    made = published()
    mine = form_of(manager, made) | {"text_da": "Min"}
    manager.post(edit(made), form_of(manager, made) | {"text_da": "Din"})
    answer = manager.post(edit(made), mine)
    assert answer.status_code == 409
    assert "Min" in text(answer)
    assert "Din" in text(answer)
    made.refresh_from_db()
    assert made.text_da == "Din"


def test_mails_that_wait_follow_and_nobody_gets_two(manager):
    user_with(Role.READER, organisation=organisation())
    at = timezone.now()
    made = published(by_mail=True, starts=at + 2 * HOUR)
    assert set(Mail.objects.values_list("next_attempt", flat=True)) == {made.starts}
    made.starts = at + 5 * HOUR
    announcements.change(caller=CALLER, announcement=made, version=1, at=at)
    assert set(Mail.objects.values_list("next_attempt", flat=True)) == {made.starts}
    assert Mail.objects.count() == 2
    made.by_mail = False
    announcements.change(caller=CALLER, announcement=made, version=2, at=at)
    made.by_mail = True
    announcements.change(caller=CALLER, announcement=made, version=3, at=at)
    assert Mail.objects.count() == 2


def test_mail_can_be_chosen_later(manager):
    made = published()
    assert not Mail.objects.exists()
    manager.post(edit(made), form_of(manager, made) | {"by_mail": "on"})
    assert Mail.objects.count() == 1
    made.refresh_from_db()
    assert made.mailed is not None


def test_withdrawn_it_is_gone_and_its_mails_are_kept_back(manager):
    at = timezone.now()
    made = published(by_mail=True, starts=at + HOUR)
    assert "Én mail, der venter, bliver ikke sendt." in text(manager.get(withdrawal(made)))
    manager.post(withdrawal(made), {"version": made.version})
    made.refresh_from_db()
    assert made.withdrawn is not None
    assert Mail.objects.get().error == NOT_WANTED
    assert send_waiting(at=at + 2 * HOUR) == 0
    assert json.loads(Event.objects.get(tag="ANNOUNCEMENT_WITHDRAWN").payload)["before"]["title_da"] == "Nyt"
    page = manager.get(reverse("announcement", args=[made.pk])).content.decode()
    assert "Trukket tilbage" in page
    assert edit(made) not in page
    assert "0 sendt, 0 venter, 0 opgivet" in page


def test_a_mail_of_one_that_is_over_when_it_is_sent_is_not_wanted():
    user_with(Role.READER, organisation=organisation())
    made = published(by_mail=True)
    Announcement.objects.filter(pk=made.pk).update(starts=made.starts - 2 * HOUR, until=made.starts - HOUR)
    assert send_waiting(at=timezone.now() + HOUR) == 0
    assert Mail.objects.get().error == NOT_WANTED


def test_a_stale_withdrawal_does_nothing(manager):
    made = announcement()
    manager.post(edit(made), form_of(manager, made) | {"text_da": "Ny"})
    answer = manager.post(withdrawal(made), {"version": "1"})
    assert "Nogen har ændret den imens" in toasts(answer)[-1]
    assert Announcement.objects.get().withdrawn is None


def test_what_is_over_is_left_as_it_was(manager):
    made = announcement(starts=timezone.now() - 2 * HOUR, until=timezone.now() - HOUR)
    answer = manager.get(edit(made))
    assert answer.url == reverse("announcement", args=[made.pk])
    assert "Den er forbi" in toasts(manager.get(answer.url))[-1]
