"""Maintenance: what is refused and what is not, that nothing typed is lost, and that no operator is locked out."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from organisations import maintenance
from organisations.callers import Caller
from organisations.models import Event, Maintenance
from systems import scheduling
from systems.models import CheckRun
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
READ_ONLY, CLOSED = Maintenance.Mode.READ_ONLY, Maintenance.Mode.CLOSED
URL = "/drift/vedligehold/"


def switch(mode, *, starts=None, until=None) -> Maintenance:
    """Switch maintenance on as another process does: by the row, which this one then looks at."""
    at = timezone.now()
    made = Maintenance.objects.create(mode=mode, starts=starts or at, until=until, reason="Ny version")
    maintenance.look(at=at)
    return made


@pytest.fixture
def manager():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def member(org):
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))


def test_read_only_refuses_changes_and_gives_back_what_was_typed(member, org):
    switch(READ_ONLY, until=timezone.now() + HOUR)
    page = member.get(f"/o/{org.cvr_number}/systemer/")
    assert page.status_code == 200
    assert "Portalen kan kun læses lige nu" in page.content.decode()
    url = f"/o/{org.cvr_number}/systemer/nyt/"
    typed = {"name": "Nyt <system>", "note": "linje 1\nlinje 2", "password": "korrekt hest"}
    refused = member.post(url, typed)
    assert refused.status_code == 503
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert refused["Cache-Control"] == "no-store"
    body = refused.content.decode()
    assert "Nyt &lt;system&gt;" in body
    assert "linje 1\nlinje 2" in body
    assert f'action="{url}"' in body
    assert "korrekt hest" not in body


def test_htmx_keeps_the_page_as_it_is(member, org):
    switch(READ_ONLY)
    refused = member.post(f"/o/{org.cvr_number}/systemer/nyt/", {"name": "x"}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused["HX-Retarget"], refused["HX-Reswap"]) == (503, "#toasts", "beforeend")
    assert "kan kun læses" in refused.content.decode()


def test_the_api_answers_in_its_own_form(org):
    switch(READ_ONLY)
    assert client_for(None).get("/apis/v1/organisations/").status_code == 401
    refused = client_for(None).put(f"/apis/v1/organisations/{org.pk}", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (503, "maintenance", "300")


def test_closed_is_closed_but_for_operators_and_doors(member, manager, org):
    switch(CLOSED)
    assert member.get(f"/o/{org.cvr_number}/systemer/").status_code == 503
    assert client_for(None).get("/tilgaengelighed/").status_code == 503
    assert client_for(None).get("/apis/v1/organisations/").status_code == 503
    for path in ("/healthz", "/readyz", "/metrics", "/log-ind/"):
        assert client_for(None).get(path).status_code == 200
    assert manager.get("/drift/").status_code == 200
    assert manager.get(URL).status_code == 200
    assert manager.post("/mig/login/totrin/").status_code != 503
    assert manager.post(reverse("session_extend")).status_code != 503
    assert client_for(user_with(Role.SUPPORT, organisation=None)).get("/drift/").status_code == 503


def test_an_operator_ends_it_on_the_page(manager, member, org):
    standing = switch(CLOSED)
    manager.post(reverse("maintenance_end", args=[standing.pk]))
    maintenance.look(at=timezone.now())
    assert member.get(f"/o/{org.cvr_number}/systemer/").status_code == 200
    assert json.loads(Event.objects.get().payload)["tag"] == "PORTAL_MAINTENANCE_ENDED"


def test_planned_is_announced_and_begins_and_ends_by_itself(manager, member, org):
    at = timezone.now()
    form = {"mode": "CLOSED", "starts": "", "until": "", "reason": ""}
    assert manager.post(URL, form).status_code == 200
    starts, until = (timezone.localtime(at + hours * HOUR).strftime("%d-%m-%Y %H.%M") for hours in (2, 3))
    manager.post(URL, form | {"starts": starts, "until": until, "reason": "Ny version"})
    maintenance.look(at=at)
    payload = json.loads(Event.objects.get().payload)
    assert (payload["tag"], payload["reason"]) == ("PORTAL_MAINTENANCE_PLANNED", "Ny version")
    page = member.get(f"/o/{org.cvr_number}/systemer/").content.decode()
    assert "er portalen lukket" in page
    assert "Ny version" not in page
    assert maintenance.current(at=at) is None
    assert maintenance.current(at=at + 2.5 * HOUR) is not None
    assert maintenance.current(at=at + 3.1 * HOUR) is None
    assert maintenance.coming(at=at + 2.5 * HOUR) is None


def test_an_end_before_the_beginning_is_refused(manager):
    answer = manager.post(URL, {"mode": "CLOSED", "starts": "", "until": "01-01-2020 10.00", "reason": "x"})
    assert "Vælg et tidspunkt efter begyndelsen" in text(answer)
    assert not Maintenance.objects.exists()


def test_scheduled_checks_rest(monkeypatch):
    switch(READ_ONLY)
    monkeypatch.setattr(scheduling, "due", None, raising=False)
    assert scheduling.tick(at=timezone.now()) == 0
    assert not CheckRun.objects.exists()


def test_who_may(member):
    assert member.get(URL).status_code == 404
    supporter = client_for(user_with(Role.SUPPORT, organisation=None))
    assert supporter.get(URL).status_code == 200
    assert supporter.post(URL, {"mode": "CLOSED", "reason": "x"}).status_code == 403


def test_requests_ask_the_database_nothing(django_assert_num_queries):
    switch(READ_ONLY)
    with django_assert_num_queries(0):
        assert maintenance.current(at=timezone.now())
    cache.clear()
    assert maintenance.current(at=timezone.now()) is None


def test_the_command():
    out = StringIO()
    call_command(
        "maintenance", "on", "--read-only", "--until", "2099-01-01T10:00", "--reason", "Ny version", stdout=out
    )
    made = Maintenance.objects.get()
    assert (made.mode, made.until.year, made.reason) == (READ_ONLY, 2099, "Ny version")
    maintenance.plan(
        caller=Caller.command("x"), maintenance=Maintenance(starts=timezone.now() + HOUR, reason="x"), at=timezone.now()
    )
    call_command("maintenance", "off", stdout=out)
    assert "off; 2 ended" in out.getvalue()
    assert maintenance.not_over(at=timezone.now()) == []


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01T10:00", "2026-13-01T10:00"])
def test_the_command_refuses_nonsense(until):
    with pytest.raises(Exception, match=r"no time|past"):
        call_command("maintenance", "on", "--until", until)
    assert not Maintenance.objects.exists()


def test_what_is_planned_is_called_off_and_not_ended(manager):
    at = timezone.now()
    planned = switch(READ_ONLY, starts=at + HOUR)
    url = reverse("maintenance_end", args=[planned.pk])
    assert "Alle kan arbejde igen" not in text(manager.get(url))
    assert "Gem det, du er ved at skrive, inden da." in manager.get(url).content.decode()
    assert "Vedligehold er aflyst" in manager.post(url, follow=True).content.decode()
    assert maintenance.not_over(at=at) == []


def test_a_closed_page_can_be_tried_again(member, org):
    switch(CLOSED)
    url = f"/o/{org.cvr_number}/systemer/?q=x"
    page = member.get(url)
    assert f'href="{url}"' in page.content.decode()
    assert "Intet blev ændret" not in text(page)
    assert "Intet blev ændret" in text(member.post(url))
