"""`/metrics` in the text format of Prometheus, for monitors of an allowed network.

What the database knows is asked when the monitor asks, in a fixed number of queries; it is the same whichever process
answers. Without a database the answer still comes and says so. No label holds a CVR number, a name or a path.
"""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

import adgang
from adgang.lib.peers import client_address, is_trusted_proxy, is_within, says_it_is_a_proxy
from adgang.operations import figures, request_metrics
from adgang.operations.figures import Line
from organisations import access, event_forwarding

Labelled = dict[tuple[str, ...], float]


def metrics(request: HttpRequest) -> HttpResponse:
    """Tell a monitor how the installation does; whoever asks from elsewhere finds nothing here."""
    access.public(request)
    if not may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Installation(at=timezone.now()))
    body = generate_latest(registry) + request_metrics.written()
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def may_read(request: HttpRequest) -> bool:
    """Say whether the client is in ADGANG_METRICS_NETWORKS.

    What came through a proxy that is not one of ours may come from anywhere, though the proxy be this machine's.
    """
    if says_it_is_a_proxy(request) and not is_trusted_proxy(str(request.META.get("REMOTE_ADDR", ""))):
        return False
    address = client_address(request)
    return any(is_within(address, network) for network in settings.ADGANG_METRICS_NETWORKS)


class Installation(Collector):
    """What there is to tell of the installation, apart from the counters of requests."""

    def __init__(self, *, at: dt.datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield everything; of the database all or nothing."""
        yield gauge(
            "build_info",
            "Version and environment.",
            ("version", "environment"),
            {(adgang.__version__, settings.ADGANG_ENVIRONMENT): 1},
        )
        disk = figures.disk()
        yield gauge("disk_free_bytes", "Free on the disk of the portal's folder.", (), {(): disk.free})
        yield gauge("disk_total_bytes", "The disk of the portal's folder.", (), {(): disk.total})
        try:
            told = list(of_the_database(self.at))
        except DatabaseError:
            told = []
        yield gauge(
            "database_up", "Whether the database answers, with the tables of this version.", (), {(): bool(told)}
        )
        yield from told


def gauge(name: str, text: str, labels: tuple[str, ...], values: Labelled) -> GaugeMetricFamily:
    """Return one family of values by their labels."""
    family = GaugeMetricFamily(f"adgang_{name}", text, labels=labels)
    for label, value in values.items():
        family.add_metric(label, float(value))
    return family


def of_the_database(at: dt.datetime) -> Iterator[GaugeMetricFamily]:
    """Yield what the database knows. Raises DatabaseError."""
    runs, mails, webhooks = figures.runs(at=at), figures.mails(), figures.webhooks()
    jobs, jobs_running = figures.jobs()
    yield from _lines(
        at,
        {
            "checks": runs.people,
            "scheduled_checks": runs.scheduled,
            "mail": mails.line,
            "webhooks": webhooks.line,
            "jobs": jobs,
        },
    )
    yield gauge("running", "Work under way.", ("queue",), {("all_checks",): runs.running, ("jobs",): jobs_running})
    yield gauge("checks_stuck", "Checks that should be over or begun.", (), {(): runs.stuck})
    results: Labelled = {key: float(count) for key, count in figures.results(at=at).items()}
    yield gauge("check_results", "Checks that ended within ten minutes.", ("protocol", "result"), results)
    yield gauge("mails_given_up", "Mails that are tried no more.", (), {(): mails.given_up})
    states: Labelled = {("failing",): float(webhooks.failing), ("switched_off",): float(webhooks.switched_off)}
    yield gauge("webhooks", "Webhooks that do not work.", ("state",), states)
    yield gauge("sessions", "Sessions of signed-in people.", (), {(): figures.sessions(at=at)})
    yield from _ages(at)


def _lines(at: dt.datetime, lines: dict[str, Line]) -> Iterator[GaugeMetricFamily]:
    waiting: Labelled = {(name,): line.waiting for name, line in lines.items()}
    yield gauge("waiting", "Work that waits.", ("queue",), waiting)
    ages: Labelled = {(name,): line.age(at) for name, line in lines.items()}
    yield gauge("waiting_oldest_seconds", "How long the oldest of it has waited; 0 for none.", ("queue",), ages)


def _ages(at: dt.datetime) -> Iterator[GaugeMetricFamily]:
    """Yield how long ago things happened; what never did has no value."""
    seen: Labelled = {(name,): (at - beat).total_seconds() for name, beat in figures.heartbeats().items()}
    yield gauge("last_seen_seconds", "Since a worker, or the tick of the schedule, showed life.", ("part",), seen)
    waiting = event_forwarding.oldest_waiting()
    age = (at - waiting).total_seconds() if waiting else 0
    yield gauge("siem_oldest_seconds", "How long an entry of the event log waits for the SIEM.", (), {(): age})
    lists = figures.revocation_lists(at=at)
    oldest: Labelled = {(): (at - lists.oldest).total_seconds()} if lists.oldest else {}
    yield gauge("revocation_list_oldest_seconds", "Age of the oldest revocation list.", (), oldest)
    yield gauge("revocation_lists_missing", "Issuers without a list in force.", (), {(): len(lists.missing)})
