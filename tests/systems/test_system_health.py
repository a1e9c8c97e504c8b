"""The page of one system's health, and what people decide there."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.models import Event
from systems.models import MaintenanceWindow, Monitoring, System, SystemHealth
from tests.factories import systems
from tests.factories.organisations import Role, client_for, grant, organisation, user_with
from tests.organisations.pages import text, toasts
from tests.systems.results import result

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def one() -> System:
    return systems.system(organisation=organisation(name="Klitby Kommune"), name="Brevmotor", active=True)


@pytest.fixture
def admin(one):
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=one.organisation))


def url(one: System, name: str = "system_health", *more: object) -> str:
    return reverse(name, args=[one.organisation.cvr_number, one.pk, *more])


def test_three_people(one, admin) -> None:
    reader = client_for(user_with(Role.READER, organisation=one.organisation))
    stranger = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation()))
    vendor = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation())
    grant(user=vendor, role=Role.ORGANISATION_ADMINISTRATOR, organisation=one.organisation, system_id=one.pk)
    assert "Varsl vedligehold" in text(admin.get(url(one)))
    assert "Varsl vedligehold" not in text(reader.get(url(one)))
    assert stranger.get(url(one)).status_code == 404
    for page in ("monitoring_edit", "maintenance_create"):
        assert admin.get(url(one, page)).status_code == 200
        assert client_for(vendor).get(url(one, page)).status_code == 200
        assert reader.post(url(one, page)).status_code == 403
        assert stranger.post(url(one, page)).status_code == 404


def test_states_checks_and_changes_are_shown_as_tables_too(one, admin) -> None:
    for minute, passed in enumerate((True, False, False, False)):
        result(one, passed=passed, at=timezone.now() - dt.timedelta(minutes=60 - 10 * minute))
    page = text(admin.get(url(one)))
    assert "Fejler siden" in page
    assert "1 af de seneste 4 kontroller er bestået" in admin.get(url(one)).content.decode()
    assert "Ikke bestået" in page
    system_page = admin.get(f"/o/{one.organisation.cvr_number}/systemer/{one.pk}/").content.decode()
    assert system_page.count('class="health-strip"') == 3


def test_monitoring_edit(one, admin) -> None:
    SystemHealth.objects.filter(system=one).update(next_check_at=timezone.now() + DAY)
    answer = admin.post(url(one, "monitoring_edit"), {"version": "1"})
    assert toasts(answer) == ["Overvågningen af Brevmotor er gemt."]
    flags = Monitoring.objects.get(system=one)
    assert (flags.monitored, flags.alerting) == (False, False)
    assert "Planlagte kontroller er slået fra" in text(admin.get(url(one)))
    assert admin.post(url(one, "monitoring_edit"), {"version": "7", "monitored": "on"}).status_code == 409
    assert admin.post(url(one, "monitoring_edit"), {"version": "1", "monitored": "on"}).status_code == 302
    assert SystemHealth.objects.get(system=one).next_check_at is None
    assert System.objects.get(pk=one.pk).version == one.version
    assert Event.objects.filter(tag="MONITORING_CHANGED").count() == 2


def typed(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%d-%m-%Y %H.%M")


def test_maintenance_create(one, admin) -> None:
    begin = timezone.now() + DAY
    form = {"starts": typed(begin), "ends": typed(begin + DAY), "reason": "Ny server"}
    assert admin.post(url(one, "maintenance_create"), form).status_code == 302
    page = text(admin.get(url(one)))
    assert "Ny server" in page
    window = MaintenanceWindow.objects.get()
    assert window.made_by is not None
    assert Event.objects.get(tag="MAINTENANCE_PLANNED").system_id == one.pk


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (1, 0.5, "slutter, før det begynder"),
        (-2, -1, "Det tidspunkt er passeret"),
        (1, 16, "højst vare 14 dage"),
    ],
)
def test_windows_that_cannot_be(one, admin, starts, ends, said) -> None:
    now = timezone.now()
    form = {"starts": typed(now + starts * DAY), "ends": typed(now + ends * DAY), "reason": "Ny server"}
    page = text(admin.post(url(one, "maintenance_create"), form))
    assert said in page
    assert "Ny server" in admin.post(url(one, "maintenance_create"), form).content.decode()
    assert MaintenanceWindow.objects.count() == 0


def test_no_more_windows_than_anybody_needs(one, admin, monkeypatch) -> None:
    monkeypatch.setattr("systems.monitoring.MOST_WINDOWS", 1)
    begin = timezone.now() + DAY
    form = {"starts": typed(begin), "ends": typed(begin + DAY), "reason": "Ny server"}
    assert admin.post(url(one, "maintenance_create"), form).status_code == 302
    assert admin.post(url(one, "maintenance_create"), form | {"reason": "Noget andet"}).status_code == 200


def test_a_double_click_announces_once(one, admin) -> None:
    begin = timezone.now() + DAY
    form = {"starts": typed(begin), "ends": typed(begin + DAY), "reason": "Ny server"}
    assert [admin.post(url(one, "maintenance_create"), form).status_code for _ in range(2)] == [302, 302]
    assert MaintenanceWindow.objects.count() == 1


def test_maintenance_cancel(one, admin) -> None:
    now = timezone.now()
    running = MaintenanceWindow.objects.create(system=one, starts=now - DAY, ends=now + DAY, reason="I gang")
    coming = MaintenanceWindow.objects.create(system=one, starts=now + DAY, ends=now + 2 * DAY, reason="Senere")
    assert "Der er vedligehold i gang" in text(admin.get(url(one)))
    for window in (running, coming):
        path = url(one, "maintenance_cancel", window.pk)
        assert admin.get(path).status_code == 200
        assert admin.post(path, {"version": "9"}).status_code == 302
        assert admin.post(path, {"version": "1"}).status_code == 302
        assert admin.post(path, {"version": "2"}).status_code == 302
        window.refresh_from_db()
    assert running.cancelled is None
    assert running.ends < timezone.now()
    assert coming.cancelled is not None
    assert Event.objects.filter(tag="MAINTENANCE_CANCELLED").count() == 2
    assert admin.post(url(one, "maintenance_cancel", one.pk)).status_code == 404
