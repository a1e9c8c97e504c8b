"""Connection checks and findings by API: asked for, read with their report, limited; findings as on the pages."""

import pytest
from django.utils import timezone

from certificates.models import TrustAnchor
from organisations.models import Terms
from systems import checking
from systems.models import CheckBatch, CheckRun, RunStatus, Trigger
from tests.api.calling import Caller, token_of
from tests.factories import certificates, systems
from tests.factories.organisations import Role, organisation

pytestmark = pytest.mark.django_db

OWN = "/apis/adgang/v1/organisations"


@pytest.fixture
def own():
    return organisation()


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.ORGANISATION_ADMINISTRATOR))


@pytest.fixture
def system(own):
    return systems.system(organisation=own, active=True)


def over(system, **fields):
    """Return a check that is over."""
    ended = {"status": RunStatus.FAILED, "finished": timezone.now()}
    return CheckRun.objects.create(system=system, protocol="SMTP", **ended, **fields)


def test_a_check_is_asked_for_and_followed_to_its_report(own, caller, system):
    url = f"{OWN}/{own.pk}/systems/{system.pk}/checks/"
    begun = caller.call("POST", url)
    assert begun.status_code == 201
    told = begun.json()
    assert (told["status"], told["trigger"], "report" in told) == ("QUEUED", "API", False)
    assert caller.call("POST", url).json()["id"] == told["id"]  # one that is under way is enough
    run = checking.claim(told["id"])
    checking.run(run)
    done = caller.get(f"{url}{told['id']}").json()
    assert done["status"] in ("FAILED", "WARNING", "PASSED")
    assert done["report"]["format"] == "adgang.connection-check"
    assert [step["code"] for step in done["report"]["steps"]]
    found = caller.get(url, status=done["status"], size=1).json()
    assert (found["totalElements"], "report" in found["connectionChecks"][0]) == (1, False)
    assert caller.get(url, status="LOST").status_code == 400


def test_too_many_checks_are_refused_with_a_time(own, caller, system):
    for _number in range(20):
        over(system, trigger=Trigger.API)
    refused = caller.call("POST", f"{OWN}/{own.pk}/systems/{system.pk}/checks/")
    assert (refused.status_code, refused.json()["code"]) == (429, "limit.checks")
    assert int(refused.headers["Retry-After"]) in range(1, 61)


def test_all_systems_are_checked_at_once(own, caller, system):
    systems.system(organisation=own, name="Kladde")
    url = f"{OWN}/{own.pk}/check-batches/"
    begun = caller.send("POST", url, {})
    assert begun.status_code == 201
    told = begun.json()
    assert [one["systemId"] for one in told["connectionChecks"]] == [str(system.pk)]
    assert told["leftOut"][0]["finding"]["code"] == "batch.not_in_service"
    assert caller.send("POST", url, {"includeDrafts": True}).json()["id"] == told["id"]
    assert caller.get(f"{url}{told['id']}").json() == told
    only = Caller.bearing(token_of(own, Role.READER))
    assert only.get(f"{url}{told['id']}").status_code == 200
    assert only.send("POST", url, {}).status_code == 403


def test_nothing_to_check_and_too_many_batches(own, caller):
    url = f"{OWN}/{own.pk}/check-batches/"
    assert caller.send("POST", url, {}).json()["code"] == "batch.empty"
    systems.system(organisation=own, active=True)
    for _number in range(10):
        systems.batch(organisation=own)
    refused = caller.send("POST", url, {})
    assert (refused.status_code, refused.json()["code"]) == (429, "limit.batches")
    assert int(refused.headers["Retry-After"]) > 60
    assert CheckBatch.objects.count() == 10


def test_findings_of_a_system_its_certificate_and_its_key(own, caller, system):
    bare = caller.get(f"{OWN}/{own.pk}/systems/{system.pk}/findings").json()["findings"]
    assert "system.certificate_missing" in {one["code"] for one in bare}
    assert all(one["message"] and one["severity"] in ("error", "warning", "info") for one in bare)
    certificate = certificates.certificate(organisation=own)
    url = f"{OWN}/{own.pk}/certificates/{certificate.pk}/findings"
    assert not {one["severity"] for one in caller.get(url).json()["findings"]} & {"error"}
    TrustAnchor.objects.all().delete()
    assert "error" in {one["severity"] for one in caller.get(url).json()["findings"]}
    key = certificates.ssh_key(organisation=own)
    assert caller.get(f"{OWN}/{own.pk}/ssh-keys/{key.pk}/findings").status_code == 200
    assert caller.get(f"{OWN}/{own.pk}/ssh-keys/{certificate.pk}/findings").status_code == 404


def test_the_open_problems_are_those_of_the_overview(own, caller):
    Terms.objects.create(label="9.0", text_da="Nye", published=timezone.now())
    told = caller.get(f"{OWN}/{own.pk}/problems").json()["problems"]
    assert any("9.0" in one["message"] and one["room"] == "organisations" for one in told)
    order = ["ERROR", "WARNING", "NOTICE"]
    assert [one["severity"] for one in told] == sorted((one["severity"] for one in told), key=order.index)
    assert all(one["url"].startswith("http") for one in told)
    english = caller.call("GET", f"{OWN}/{own.pk}/problems", headers={"Accept-Language": "en"}).json()
    assert any("is not accepted" in one["message"] for one in english["problems"])
