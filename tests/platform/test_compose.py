"""Image and composition: parsed, and their commands run for real – not by Docker, which no test can count on."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml
from django.conf import settings

from adgang.celery import app as celery
from adgang.checks import SECRETS
from adgang.serve import gunicorn_config, processes
from systems.steps.recording import RUN_SECONDS
from tests.servers.installation import ROOT, Installation, installation
from tests.servers.proxy import CONFIGURATION
from tests.servers.redis import redis_server

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def test_the_services() -> None:
    assert set(SERVICES) == {
        "proxy",
        "migrate",
        "check",
        "web",
        "web2",
        "worker",
        "checks",
        "beat",
        "door",
        "postgres",
        "redis",
    }
    assert [name for name, service in SERVICES.items() if "beat" in service.get("command", ())] == ["beat"]
    assert SERVICES["beat"]["deploy"] == {"replicas": 1}
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy", "door"]
    assert [name for name, service in SERVICES.items() if service.get("profiles")] == ["door"]


def test_the_commands_are_those_of_serve() -> None:
    assert {name: tuple(SERVICES[name]["command"]) for name in ("web", "worker", "checks", "beat")} == {
        "web": processes.WEB,
        "worker": processes.DEFAULT_WORKER,
        "checks": processes.CHECKS_WORKER,
        "beat": processes.BEAT,
    }
    assert SERVICES["web2"]["command"] == SERVICES["web"]["command"]
    assert tuple(SERVICES["door"]["command"]) == ("python", "-m", *processes.SFTP_DOOR)
    assert tuple(json.loads(re.search(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[1])) == processes.WEB  # type: ignore[index]


def test_every_secret_is_a_file_and_every_file_a_secret() -> None:
    declared = set(COMPOSE["secrets"])
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", ())}
    assert used == declared
    for service in OURS.values():
        files = {name: value for name, value in service["environment"].items() if name.endswith("_FILE")}
        assert {name.removesuffix("_FILE") for name in files} >= set(SECRETS)
        assert {value.removeprefix("/run/secrets/") for value in files.values()} == set(service["secrets"])


def test_our_containers_may_do_little() -> None:
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert "USER adgang" in DOCKERFILE
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_the_proxy_finds_both_web_containers() -> None:
    addresses = [SERVICES[name]["networks"]["inside"]["ipv4_address"] for name in ("web", "web2")]
    assert re.findall(r"server ([\d.]+):8000 ", CONFIGURATION.read_text()) == addresses
    network = COMPOSE["networks"]["inside"]["ipam"]["config"][0]
    for address in map(ip_address, addresses):
        assert address in ip_network(network["subnet"])
        assert address not in ip_network(network["ip_range"])  # nobody else is given it by chance


def test_every_service_is_bounded_watched_and_given_time_to_end() -> None:
    for name, service in SERVICES.items():
        assert service["cpus"] > 0, name
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"]), name
        assert service["logging"]["options"]["max-size"], name
        assert ("healthcheck" in service) is (name not in ("migrate", "check")), name
    grace = {name: int(service.get("stop_grace_period", "10s")[:-1]) for name, service in SERVICES.items()}
    assert grace["web"] == grace["web2"] > gunicorn_config.graceful_timeout
    assert grace["checks"] > RUN_SECONDS
    assert grace["worker"] > RUN_SECONDS


def test_nothing_but_the_database_keeps_anything_that_is_missed() -> None:
    volumes = {name: service.get("volumes", []) for name, service in SERVICES.items()}
    assert volumes["postgres"] == ["postgres:/var/lib/postgresql/data"]
    # Of ours only checkpoints of the event log, to be taken elsewhere; beat keeps no schedule.
    assert {tuple(volumes[name]) for name in OURS} == {("var:/var/lib/adgang",)}
    assert celery.conf.beat_scheduler == "adgang.serve.ticking.Ticks"
    assert settings.STORAGES["default"]["BACKEND"].endswith("InMemoryStorage")
    assert settings.SESSION_ENGINE == "organisations.sessions"


def test_the_pool_has_room_for_every_thread() -> None:
    pool = 20  # ADGANG_DB_POOL
    threads = int(processes.CHECKS_WORKER[processes.CHECKS_WORKER.index("--concurrency") + 1])
    assert pool >= threads + 2


def test_the_image_holds_every_room() -> None:
    copied = set(re.findall(r"^COPY --from=build /src/(\w+) \w+$", DOCKERFILE, re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert copied == packages | {"templates", "static"}


# --- Run by hand --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory, require_service: Callable[..., str]) -> Iterator[Installation]:
    """An installation whose queue is a Redis server, as in the composition."""
    path = require_service("Redis", "redis-server")
    with redis_server(path) as broker, installation(tmp_path_factory.mktemp("composed"), broker=broker) as made:
        yield made


def run(made: Installation, command: list[str]) -> subprocess.CompletedProcess[str]:
    program = command if command[0] == "python" else ["python", "-m", *command]
    return subprocess.run(
        [sys.executable, *program[1:]], cwd=ROOT, env=made.environment, capture_output=True, text=True, check=False
    )


def test_the_services_work_together(composed: Installation) -> None:
    with ExitStack() as stack:
        for name in ("web", "worker", "checks", "beat"):
            stack.enter_context(composed.running(sys.executable, "-m", *SERVICES[name]["command"]))
        assert until(lambda: run(composed, SERVICES["web"]["healthcheck"]["test"][1:]).returncode == 0)
        # Beat's first tick comes after ten seconds, and shows that it works; these come later.
        for task in ("systems.checks_alive", "systems.schedule_checks"):
            assert run(composed, [*processes.CELERY, "call", task]).returncode == 0
        assert until(lambda: ready(composed).get("status") == "ok"), ready(composed)
        for name in ("worker", "checks"):
            assert run(composed, SERVICES[name]["healthcheck"]["test"][1:]).returncode == 0


@pytest.mark.parametrize("name", ["web", "worker", "beat", "door"])
def test_a_dead_process_is_unhealthy(composed: Installation, name: str) -> None:
    assert run(composed, SERVICES[name]["healthcheck"]["test"][1:]).returncode == 1


def test_migrating_again_changes_nothing(composed: Installation) -> None:
    done = run(composed, SERVICES["migrate"]["command"])
    assert (done.returncode, "No migrations to apply." in done.stdout) == (0, True)


def ready(made: Installation) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"{made.url}/readyz") as answer:
            return dict(json.load(answer))
    except OSError:
        return {}


def until(true: Callable[[], bool], *, seconds: float = 60) -> bool:
    """Ask again and again until it is true or the time is up."""
    deadline = time.monotonic() + seconds
    while not (reached := true()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return reached
