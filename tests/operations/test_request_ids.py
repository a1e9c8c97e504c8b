"""One id from the proxy to the last line of the last task, and on the page that tells of a fault."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from unittest import mock

import pytest
from celery import Celery
from django.test import override_settings
from django.urls import reverse

from adgang.lib import queueing
from adgang.serve import processes
from tests.factories.organisations import client_for, user
from tests.servers.programs import PATIENCE
from tests.servers.redis import redis_server

PREFIX = "adgang-test:"

PROXY = "10.0.0.1"
GOOD = "0f3a9c5e7b2d4f6081a2b3c4d5e6f708"


def asked(**extra) -> str:
    """Return the id that the answer tells."""
    return client_for(None).get("/healthz", **extra)["X-Request-ID"]


@override_settings(ADGANG_TRUSTED_PROXIES=[PROXY])
def test_the_id_of_a_trusted_proxy_is_kept():
    assert asked(REMOTE_ADDR=PROXY, HTTP_X_REQUEST_ID=GOOD) == GOOD


@override_settings(ADGANG_TRUSTED_PROXIES=[PROXY])
@pytest.mark.parametrize(
    "bad", ["", "short", "a" * 65, "with space in it", "two\nlines-of-it", "-begins-wrong", "æøåæøåæøå"]
)
def test_a_malformed_id_is_replaced(bad):
    made = asked(REMOTE_ADDR=PROXY, HTTP_X_REQUEST_ID=bad)
    assert made != bad
    assert len(made) == 36


@override_settings(ADGANG_TRUSTED_PROXIES=[PROXY])
def test_nobody_else_chooses_their_id():
    assert asked(REMOTE_ADDR="192.0.2.1", HTTP_X_REQUEST_ID=GOOD) != GOOD


def test_every_request_has_its_own():
    assert asked() != asked()


@pytest.mark.django_db
def test_a_fault_tells_the_id_to_quote():
    client = client_for(None)
    client.raise_request_exception = False
    with mock.patch("adgang.operations.health.checked", side_effect=RuntimeError("a fault")):
        response = client.get("/readyz")
    assert response.status_code == 500
    assert response["X-Request-ID"] in response.content.decode()


def test_a_fault_outside_the_views_tells_it_too():
    client = client_for(None)
    client.raise_request_exception = False
    with mock.patch("django.middleware.locale.LocaleMiddleware.process_request", side_effect=RuntimeError("a fault")):
        response = client.get("/healthz")
    assert response.status_code == 500
    assert response["X-Request-ID"] in response.content.decode()


def line_of_the_task(broker: str, folder: Path) -> dict[str, str]:
    """Start a worker and return its first line about the task that waits."""
    environment = os.environ | {"CELERY_BROKER_URL": broker, "ADGANG_VAR_DIR": str(folder), "ADGANG_LOG_JSON": "true"}
    environment |= {"DJANGO_SETTINGS_MODULE": "adgang.settings", "DATABASE_URL": f"sqlite:///{folder}/none.sqlite3"}
    command = [sys.executable, "-m", *processes.DEFAULT_WORKER[:-4], "--pool", "solo"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as worker:
        limit = threading.Timer(6 * PATIENCE, worker.kill)
        limit.start()
        try:
            lines = (json.loads(line) for line in worker.stderr if line.startswith("{"))
            return next(line for line in lines if line["event"].startswith("task_"))
        finally:
            limit.cancel()
            worker.kill()


@pytest.mark.django_db(transaction=True)
def test_a_request_and_the_task_it_queued_have_one_id(require_service, tmp_path, caplog, monkeypatch):
    """Through a real broker, to a worker that is a process of its own (and has no tables: its line says so)."""
    person = user()
    with redis_server(require_service("Redis", "redis-server")) as broker:
        monkeypatch.setenv("CELERY_BROKER_URL", broker)  # it counts for Celery more than what it is told
        publisher = Celery("publisher", broker=broker)
        publisher.conf.update(task_default_queue="default", broker_transport_options={"global_keyprefix": PREFIX})
        with (
            mock.patch.object(queueing, "current_app", publisher),
            caplog.at_level("INFO"),
        ):
            answer = client_for(None).post(reverse("password_reset"), {"email": person.email})
        line = line_of_the_task(broker, tmp_path)
    finished = [record.msg for record in caplog.records if "request_finished" in str(record.msg)]
    assert finished[-1]["request_id"] == answer["X-Request-ID"]
    assert line["request_id"] == answer["X-Request-ID"]
