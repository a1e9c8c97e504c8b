"""R8: `check --deploy`, the headers and cookies of every page of a started web process, and the dependency audit."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from adgang.lib.response_headers import ALWAYS
from benchmarks.registry import Measurement, benchmark
from tests import matrix
from tests.hostile_walk import candidates
from tests.platform.production import production_environment
from tests.servers.programs import free_port, program, workplace

ROOT = Path(__file__).resolve().parent.parent
HOST = "adgang.example.dk"
WANTED = (*ALWAYS, "Content-Security-Policy", "Strict-Transport-Security")
OF_SESSIONS = ("__Host-sessionid", "__Host-csrftoken")


@benchmark("R8", "check --deploy, headers and cookies of every page of a started web process, dependency audit")
def closed() -> Measurement:
    """Look at a production installation from outside; what could not be audited is named."""
    with workplace() as folder, matrix.quietly():
        # The portal's own settings: those of the benchmarks would hide what an operator gets.
        own = {"ADGANG_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "adgang.settings"}
        environment = os.environ | production_environment(folder) | own
        deploy = _deploy(environment)
        with _web(folder, environment) as port:
            answers, faults = 0, []
            for status, found in _walk(port):
                answers += bool(status)
                faults += found
    audited, told = _audit()
    known = [line for line in told if line.startswith("vulnerable")]
    return Measurement(
        value=len(deploy) + len(faults) + len(known),
        unit="faults",
        bar="clean; what was not audited is named",
        met=not deploy and not faults and not known,
        notes="; ".join([f"{answers} pages answered", *deploy, *faults[:10], f"audit: exit {audited}", *told]),
    )


def _deploy(environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return [] if said.returncode == 0 else [f"check --deploy: {said.stderr.strip()[:1000]}"]


@contextmanager
def _web(folder: Path, environment: dict[str, str]) -> Iterator[int]:
    """Run gunicorn over the database of the benchmarks, with the proxy's part played by whoever asks."""
    port, name = free_port(), connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres://postgres@127.0.0.1:5432/{name}"
    more = {
        "DATABASE_URL": url,
        "SECRET_KEY": settings.SECRET_KEY,
        "ADGANG_FIELD_KEYS": ",".join(settings.ADGANG_FIELD_KEYS),
        "ADGANG_STATIC_ROOT": str(ROOT / "var" / "static"),
        "ADGANG_TRUSTED_PROXIES": "127.0.0.1",
        "PORT": str(port),
    }
    command = ["env", *(f"{key}={value}" for key, value in (environment | more).items())]
    command += [sys.executable, "-m", "gunicorn", "--config", "python:adgang.serve.gunicorn_config", "adgang.wsgi"]
    with program(command, port, folder / "web.log"):
        yield port


def _walk(port: int) -> Iterator[tuple[int, list[str]]]:
    """Ask for every page as somebody who may see it, and as nobody; yield the status and what is wrong."""
    with transaction.atomic():
        world = matrix.World()
        asked = [
            (world.url(route, world.own, who), who.cookie)
            for route in matrix.routes()
            if "GET" in matrix.methods(route)
            for who in [world.nobody, *candidates(world, route)]
        ]
    for path, cookie in asked:
        yield _asked(port, path, cookie)
    for path in ("/findes-ikke/", "/static/adgang/adgang.css", "/apis/x", "/%00"):
        yield _asked(port, path, "")


def _asked(port: int, path: str, cookie: str) -> tuple[int, list[str]]:
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    if cookie:
        headers["Cookie"] = f"__Host-{cookie}"
    web.request("GET", path, headers=headers)
    answer = web.getresponse()
    answer.read()
    web.close()
    return answer.status, [
        f"{path} ({answer.status}): {fault}" for fault in _faults(answer, is_of_somebody=bool(cookie))
    ]


def _faults(answer: http.client.HTTPResponse, *, is_of_somebody: bool) -> Iterator[str]:
    if answer.status >= 500 and answer.status != 503:
        yield "a fault"
    if answer.status == 400 and is_of_somebody:
        yield "was not understood"
    yield from (f"lacks {name}" for name in WANTED if not answer.headers.get(name))
    if "unsafe" in answer.headers.get("Content-Security-Policy", ""):
        yield "the policy allows unsafe content"
    if is_of_somebody and not answer.headers.get("Cache-Control"):
        yield "may be kept"
    for line in answer.headers.get_all("Set-Cookie", []):
        for name, cookie in SimpleCookie(line).items():
            if not (cookie["secure"] and cookie["samesite"] and cookie["path"] == "/" and not cookie["domain"]):
                yield f"cookie {name}"
            is_own = name in OF_SESSIONS and cookie["httponly"]
            if ("session" in name or "csrf" in name) and not is_own:
                yield f"cookie {name} is not the host's own"


def _audit() -> tuple[int, list[str]]:
    command = [sys.executable, "requirements/audit.py"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.returncode, [line.strip() for line in said.stdout.splitlines()]
