"""/metrics: what a monitor gets, from where, at what cost, and that nothing in it names anybody."""

import datetime as dt
import os
import re
import subprocess
import sys

import pytest
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

import adgang
from organisations.models import Heartbeat, Mail, Webhook
from systems.models import CheckRun, RunStatus, Trigger
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def metrics(**extra):
    return client_for(None).get("/metrics", **extra)


def values(response) -> dict[tuple[str, ...], float]:
    """Return every value by its name and the values of its labels, as the client's own parser reads them."""
    return {
        (sample.name, *(value for name, value in sorted(sample.labels.items()) if name != "host")): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def test_what_is_told():
    at = timezone.now()
    org = organisation()
    for name in ("worker", "checks"):
        Heartbeat.objects.create(name=name, beat=at - 2 * MINUTE)
    Mail.objects.create(kind="invitation", to="kim@example.org", next_attempt=at)
    Mail.objects.update(created=at - 3 * MINUTE)
    Mail.objects.create(kind="invitation", to="kim@example.org", error="SMTPException()")
    Mail.objects.create(kind="invitation", to="kim@example.org", error="not wanted any more")
    Webhook.objects.create(organisation=org, name="a", url="https://a.example", failing_since=at)
    for status, trigger in [("QUEUED", Trigger.MANUAL), ("QUEUED", Trigger.SCHEDULED), ("RUNNING", Trigger.MANUAL)]:
        fields = {"status": status, "trigger": trigger, "created": at - 5 * MINUTE, "claimed_at": at}
        CheckRun.objects.create(system=systems.system(organisation=org), protocol="SMTP", **fields)
    over = {"status": RunStatus.FAILED, "trigger": Trigger.MANUAL, "finished": at - MINUTE}
    CheckRun.objects.create(system=systems.system(organisation=org), protocol="SFTP", **over)
    response = metrics()
    assert response["Content-Type"].startswith("text/plain; version=")
    assert response["Cache-Control"] == "no-store"
    told = values(response)
    assert told["adgang_build_info", "test", adgang.__version__] == 1
    assert told["adgang_database_up",] == 1
    assert told["adgang_waiting", "checks"] == told["adgang_waiting", "scheduled_checks"] == 1
    assert 300 <= told["adgang_waiting_oldest_seconds", "checks"] < 330
    assert told["adgang_running", "all_checks"] == 1
    assert told["adgang_checks_stuck",] == 2
    assert told["adgang_check_results", "SFTP", "FAILED"] == 1
    assert 120 <= told["adgang_last_seen_seconds", "worker"] < 150
    assert (told["adgang_waiting", "mail"], told["adgang_mails_given_up",]) == (1, 1)
    assert 180 <= told["adgang_waiting_oldest_seconds", "mail"] < 210
    assert told["adgang_webhooks", "failing"] == 1
    assert told["adgang_waiting", "jobs"] == told["adgang_siem_oldest_seconds",] == 0
    assert told["adgang_revocation_lists_missing",] == 0
    assert 0 < told["adgang_disk_free_bytes",] <= told["adgang_disk_total_bytes",]


def test_requests_are_counted_by_page_and_never_by_path():
    org = organisation()
    client = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))
    client.get(f"/o/{org.cvr_number}/systemer/")
    client.get("/no/such/page/of/12345678/")
    client.generic("BREW", "/healthz")
    response = metrics()
    told = values(response)
    assert told["adgang_requests_total", "GET", "2xx", "systems"] >= 1
    assert told["adgang_requests_total", "GET", "4xx", "none"] >= 1
    assert told["adgang_requests_total", "other", "2xx", "healthz"] >= 1
    assert told["adgang_request_seconds_count", "systems"] >= 1
    labels = " ".join(re.findall(r"{(.*)}", response.content.decode()))
    assert org.cvr_number not in labels
    assert "12345678" not in labels
    assert "/" not in labels


def test_the_cost_is_the_same_for_many(django_assert_num_queries):
    with django_assert_num_queries(9):
        metrics()
    org = organisation()
    for _ in range(4):
        CheckRun.objects.create(system=systems.system(organisation=org), protocol="SMTP", trigger=Trigger.MANUAL)
    with django_assert_num_queries(9):
        metrics()


def test_without_a_database():
    def refuse(execute, sql, params, many, context):
        raise OperationalError("the connection is gone")

    with connection.execute_wrapper(refuse):
        response = metrics()
    told = values(response)
    assert (response.status_code, told["adgang_database_up",]) == (200, 0)
    assert told["adgang_disk_free_bytes",] > 0
    assert not [name for name, *_ in told if name.startswith("adgang_waiting")]


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        # A proxy of this machine that nobody has named hands on whatever comes.
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "198.51.100.1"}, 404),
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        # One of ours: the client is who it says.
        ("10.0.0.1", {"HTTP_X_FORWARDED_FOR": "198.51.100.1"}, 404),
        ("10.0.0.1", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 200),
        ("10.0.0.1", {}, 404),
    ],
)
@override_settings(ADGANG_TRUSTED_PROXIES=["10.0.0.1"])
def test_who_may_read_it(peer, headers, status):
    assert metrics(REMOTE_ADDR=peer, **headers).status_code == status


@override_settings(ADGANG_METRICS_NETWORKS=["192.0.2.0/24"])
def test_an_allowed_network_by_any_host_name():
    assert metrics(REMOTE_ADDR="192.0.2.7", HTTP_HOST="172.30.0.4:8000").status_code == 200
    assert metrics(REMOTE_ADDR="127.0.0.1").status_code == 404


COUNT = """
import os, sys
from prometheus_client import values
from adgang.operations import request_metrics
request_metrics.REQUESTS.labels("h", sys.argv[1], "GET", "2xx").inc(int(sys.argv[2]))
sys.stdout.buffer.write(request_metrics.written())
"""


def test_whichever_process_is_asked_tells_of_all(tmp_path):
    """Three processes that count one after another: the last tells the sum, of those that ended too."""
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    for number in ("1", "2", "4"):
        ran = subprocess.run(
            [sys.executable, "-c", COUNT, "systems", number], capture_output=True, env=environment, check=True
        )
    assert 'adgang_requests_total{host="h",method="GET",status="2xx",view="systems"} 7.0' in ran.stdout.decode()
