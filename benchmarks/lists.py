"""P10: lists of 100 of 10,000 rows, asked for by eight visitors at once, beside Django admin's list of the same."""

import http.client
import os
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.registry import Measurement, benchmark
from tests.servers.programs import free_port, program, workplace

if TYPE_CHECKING:
    from django.test import Client

    from organisations.models import Organisation

BAR = 1.5
QUERIES = 12
ROWS = 10_000
SHOWN = 100
VISITORS = 8
SECONDS = 8.0
ROUNDS = 3
PAGES = 50  # of a hundred; each visitor walks through them
HOST = "testserver"


@benchmark("P10", "lists of 100 of 10,000 rows, 8 visitors at once, against Django admin's list")
def list_pages() -> Measurement:
    """Ask one gunicorn for our page and for the admin's, in turn; the slower of the two lists counts."""
    from benchmarks import structure
    from tests.factories.organisations import Role, client_for, grant, organisation, user_with

    org, other = organisation(), structure.organisation_with()
    fill(org)
    person = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org)
    grant(user=person, role=Role.CONTACT_ADMINISTRATOR, organisation=other)
    client = client_for(person)
    lists = {
        "systems": (f"/o/{org.cvr_number}/systemer/?size={SHOWN}&page=", "/admin/systems/system/?p="),
        "contact points": (
            f"/o/{other.cvr_number}/kontaktstruktur/liste/?size={SHOWN}&page=",
            "/admin/contacts/contactpoint/?p=",
        ),
    }
    queries = max(queries_of(client, ours + "7") for ours, _theirs in lists.values())
    told, ratios = [], []
    with server(org, other) as port:
        for name, (ours, theirs) in lists.items():
            pairs = [(rate(port, client, ours), rate(port, client, theirs)) for _ in range(ROUNDS)]
            mine, reference = (statistics.median(figures) for figures in zip(*pairs, strict=True))
            ratios.append((mine / reference, mine, reference))
            told.append(f"{name} {mine:.1f} against {reference:.1f} requests/s ({mine / reference:.2f} ×)")
    ratio, mine, reference = min(ratios)
    return Measurement(
        value=round(mine, 1),
        unit="requests/s",
        reference=round(reference, 1),
        ratio=round(ratio, 2),
        bar=f"≥ {BAR} × requests/s, ≤ {QUERIES} queries",
        met=ratio >= BAR and queries <= QUERIES,
        notes=f"{'; '.join(told)}. At most {queries} queries a page, the session and what one may among them",
    )


def fill(org: "Organisation") -> None:
    """Give an organisation 10,000 systems."""
    from systems.models import Protocol, System, SystemHealth

    made = [
        System(
            organisation=org,
            name=f"Modtagersystem {number}",
            is_recipient=True,
            service_protocol=Protocol.SMTP,
            endpoint=f"post{number}@modtager.example",
        )
        for number in range(ROWS)
    ]
    System.objects.bulk_create(made, batch_size=500)
    SystemHealth.objects.bulk_create([SystemHealth(system=one) for one in made], batch_size=500)


def queries_of(client: "Client", path: str) -> int:
    """Return how many queries a page takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.content.count(b"<tr") > SHOWN, answer.content[:2000]
    return len(captured)


@contextmanager
def server(org: "Organisation", other: "Organisation") -> Iterator[int]:
    """Run gunicorn over the benchmarks' database, with the admin beside our pages; give its port."""
    from django.conf import settings
    from django.db import connection

    port = free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.lists_settings",
        "ADGANG_BENCH_FOLDER": str(settings.VAR_DIR),
        "ADGANG_BENCH_DATABASE": str(connection.settings_dict["NAME"]),
        "ADGANG_BENCH_SYSTEMS_OF": str(org.pk),
        "ADGANG_BENCH_POINTS_OF": str(other.pk),
        "ADGANG_WEB_WORKERS": "2",
        "ADGANG_WEB_THREADS": "4",
        "ADGANG_LOG_LEVEL": "ERROR",
        "PORT": str(port),
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    command = [sys.executable, "-m", "gunicorn", "--config", "python:adgang.serve.gunicorn_config", "adgang.wsgi"]
    try:
        with workplace() as folder, program(command, port, folder / "log"):
            try:
                yield port
            except RuntimeError as error:
                error.add_note((folder / "log").read_text()[-3000:])
                raise
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def rate(port: int, client: "Client", path: str) -> float:
    """Return the requests a second that eight visitors get answered, over some seconds, each page right."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    visit(port, cookies, path, time.perf_counter())  # what the first request makes is made
    started = time.perf_counter()
    with ThreadPoolExecutor(VISITORS) as visitors:
        answered = sum(
            visitors.map(lambda number: visit(port, cookies, path, started + SECONDS, number), range(VISITORS))
        )
    return answered / (time.perf_counter() - started)


def visit(port: int, cookies: str, path: str, until: float, number: int = 0) -> int:
    """Ask for one page after the other on one connection until a moment; return how many came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answered = 0
    try:
        while not answered or time.perf_counter() < until:
            page = 1 + (number * PAGES // VISITORS + answered) % PAGES
            connection.request("GET", f"{path}{page}", headers={"Host": HOST, "Cookie": cookies})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != http.client.OK or body.count(b"<tr") <= SHOWN:
                raise RuntimeError(f"{path}{page}: {answer.status}, {body.count(b'<tr')} rows\n{body[:3000]!r}")
            answered += 1
    finally:
        connection.close()
    return answered
