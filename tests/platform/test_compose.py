"""Image and composition: parsed, and their commands run for real – not by Docker, which no test can count on."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import yaml

from adgang.checks import SECRETS
from adgang.serve import processes
from tests.servers.installation import ROOT, Installation, installation
from tests.servers.redis import redis_server

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def test_the_services() -> None:
    assert set(SERVICES) == {"proxy", "migrate", "check", "web", "worker", "checks", "beat", "postgres", "redis"}
    assert [name for name, service in SERVICES.items() if "beat" in service.get("command", ())] == ["beat"]
    assert SERVICES["beat"]["deploy"] == {"replicas": 1}
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]


def test_the_commands_are_those_of_serve() -> None:
    assert {name: tuple(SERVICES[name]["command"]) for name in ("web", "worker", "checks", "beat")} == {
        "web": processes.WEB,
        "worker": processes.DEFAULT_WORKER,
        "checks": processes.CHECKS_WORKER,
        "beat": processes.BEAT,
    }
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
        assert until(lambda: ready(composed).get("status") == "ok"), ready(composed)
        pinged = run(composed, SERVICES["worker"]["healthcheck"]["test"][1:])
        assert (pinged.returncode, "pong" in pinged.stdout) == (0, True)


def test_a_dead_web_process_is_unhealthy(composed: Installation) -> None:
    assert run(composed, SERVICES["web"]["healthcheck"]["test"][1:]).returncode == 1


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
