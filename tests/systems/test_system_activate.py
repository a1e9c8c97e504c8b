"""Into service and out of it, on the pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from systems.models import Protocol, System
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import reread, system
from tests.systems.logged import payload, tags
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PASSED = {"last_check_status": "PASSED"}


def url(one: System, name: str = "system_activate") -> str:
    return reverse(name, args=[one.organisation.cvr_number, one.pk])


def ready(**fields) -> System:
    org = organisation()
    fields.setdefault("health", PASSED)
    return system(organisation=org, certificate=certificates.certificate(organisation=org), **fields)


def typed(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%d-%m-%Y %H.%M")


def test_everything_that_is_missing_is_listed_and_the_form_is_held_back():
    one = system(protocol=Protocol.REST_PULL)
    client = owner_client(one)
    html = client.get(url(one)).content.decode()
    for text in ("Systemet har intet API-token.", "Systemet har intet certifikat."):
        assert text in html
    assert 'name="when"' not in html
    response = client.post(url(one), {"version": 1, "when": "now", "reason": "Alligevel"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "Systemet har intet API-token. Lav et API-token." in html
    assert "Systemet har intet certifikat." in html
    assert reread(one).active_from is None


def test_now():
    one = ready(name="Post ind")
    response = owner_client(one).post(url(one), {"version": 1, "when": "now"}, follow=True)
    assert "Post ind er i drift." in response.content.decode()
    assert reread(one).active_from is not None


def test_on_a_date():
    one = ready(name="Post ind")
    begin = (timezone.now() + 3 * DAY).replace(second=0, microsecond=0)
    answers = {"version": 1, "when": "later", "on": typed(begin)}
    response = owner_client(one).post(url(one), answers, follow=True)
    assert "Post ind går i drift" in response.content.decode()
    assert reread(one).active_from == begin


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"when": "later"}, {"on": ["Skriv hvornår, eller vælg »Nu«."]}),
        (
            {"when": "later", "on": "01-01-2020 12.00"},
            {"on": ["Det tidspunkt er forbi. Skriv et senere, eller vælg »Nu«."]},
        ),
        (
            {"when": "later", "on": "i morgen"},
            {"on": ["Skriv dato og klokkeslæt som dd-mm-åååå tt.mm, for eksempel 23-11-2026 14.05"]},
        ),
        ({}, {"when": ["Vælg: Hvornår?"]}),
    ],
)
def test_what_is_refused(answers, errors):
    one = ready()
    response = owner_client(one).post(url(one), {"version": 1} | answers)
    assert (response.status_code, response.context["form"].errors) == (200, errors)
    assert reread(one).active_from is None


def test_a_failed_check_asks_for_a_reason():
    one = ready(health={"last_check_status": "FAILED"})
    client = owner_client(one)
    assert "Den seneste kontrol af forbindelsen fejlede." in client.get(url(one)).content.decode()
    response = client.post(url(one), {"version": 1, "when": "now"})
    assert response.context["form"].errors == {"reason": ["Udfyld: Begrundelse"]}
    client.post(url(one), {"version": 1, "when": "now", "reason": "Kun Digital Post må komme ind."})
    assert payload(one.organisation, "SYSTEM_ACTIVATED")["reason"] == "Kun Digital Post må komme ind."


def test_an_end_is_taken_back_without_a_date():
    one = ready(active_from=timezone.now() - DAY, active_to=timezone.now() + DAY)
    client = owner_client(one)
    assert "when" not in client.get(url(one)).context["form"].fields
    client.post(url(one), {"version": 1})
    assert reread(one).active_to is None


def test_a_system_in_service_has_nothing_to_take_into_service():
    assert "Systemet er allerede i drift" in owner_client(one := ready(active=True)).get(url(one)).content.decode()


def test_somebody_changed_it_meanwhile():
    one = ready()
    System.objects.filter(pk=one.pk).update(version=2, name="Nyt navn")
    client = owner_client(one)
    response = client.post(url(one), {"version": 1, "when": "now", "reason": "Skrevet"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Nyt navn" in html
    assert ">Skrevet</textarea>" in html.replace("\n", "") or "Skrevet</textarea>" in html
    assert 'name="version" value="2"' in html
    assert reread(one).active_from is None


def test_a_colleague_without_the_role_takes_nothing_into_service():
    one = ready()
    reader = client_for(user_with(Role.READER, organisation=one.organisation))
    assert reader.post(url(one), {"version": 1, "when": "now"}).status_code == 403
    assert tags(one.organisation) == []


# Out of service


def test_out_of_service_warns_of_what_depends_on_it(depended_on):
    one = ready(active=True, is_default_recipient=True)
    depended_on(one, "Borgerservice")
    html = owner_client(one).get(url(one, "system_deactivate")).content.decode()
    assert "Det er standardmodtagersystemet" in html
    assert "Ét kontaktpunkt eller andet afhænger af det" in html


def test_out_of_service_now():
    one = ready(active=True, name="Post ind")
    answers = {"version": 1, "when": "now", "reason": "Udfaset"}
    response = owner_client(one).post(url(one, "system_deactivate"), answers, follow=True)
    assert "Post ind er ude af drift." in response.content.decode()
    assert reread(one).active_to is not None
    assert payload(one.organisation, "SYSTEM_DEACTIVATED")["reason"] == "Udfaset"


def test_out_of_service_on_a_date():
    one = ready(active=True, name="Post ind")
    end = (timezone.now() + 3 * DAY).replace(second=0, microsecond=0)
    answers = {"version": 1, "when": "later", "on": typed(end)}
    response = owner_client(one).post(url(one, "system_deactivate"), answers, follow=True)
    assert "Post ind går ud af drift" in response.content.decode()
    assert reread(one).active_to == end


def test_a_plan_is_cancelled():
    one = ready(active_from=timezone.now() + DAY)
    response = owner_client(one).post(url(one, "system_deactivate"), {"version": 1, "when": "now"}, follow=True)
    assert "Planen er opgivet" in response.content.decode()
    assert reread(one).active_from is None


def test_an_end_before_the_beginning_is_refused():
    one = ready(active_from=timezone.now() + 3 * DAY)
    answers = {"version": 1, "when": "later", "on": typed(timezone.now() + DAY)}
    response = owner_client(one).post(url(one, "system_deactivate"), answers)
    (error,) = response.context["form"].non_field_errors()
    assert "kan ikke gå ud af drift før det" in error
    assert reread(one).active_to is None


def test_nothing_to_end():
    one = ready()
    client = owner_client(one)
    assert "Systemet er hverken i drift eller planlagt" in client.get(url(one, "system_deactivate")).content.decode()
    response = client.post(url(one, "system_deactivate"), {"version": 1, "when": "now"})
    assert (response.status_code, tags(one.organisation)) == (200, [])


def test_ending_what_somebody_changed_meanwhile():
    one = ready(active=True)
    System.objects.filter(pk=one.pk).update(version=2)
    response = owner_client(one).post(url(one, "system_deactivate"), {"version": 1, "when": "now"})
    assert (response.status_code, reread(one).active_to) == (409, None)
