"""Counters of the web processes: how many requests each page had, how they ended and how long they took.

A page is named by its view, never by its path: paths hold CVR numbers and ids, and every value of a label is a series
that the monitor keeps. Several web processes of one machine write into files of a common folder
(`adgang/serve/gunicorn_config.py`), so whichever of them is asked tells of all. Machines are told apart by `host`: an
answer that a load balancer fetched from any of them never passes for another's.
"""

import os
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

PATH = "/metrics"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
HOST = socket.gethostname()

disable_created_metrics()  # type: ignore[no-untyped-call]  # twice the series, for what no graph shows
REGISTRY = CollectorRegistry()
REQUESTS = Counter("adgang_requests", "Requests answered.", ["host", "view", "method", "status"], registry=REGISTRY)
LATENCY = Histogram(
    "adgang_request_seconds", "Seconds until the answer.", ["host", "view"], buckets=SECONDS, registry=REGISTRY
)


class RequestMetricsMiddleware:
    """Counts every request, those that other middleware refuses too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == PATH:
            # Monitors ask each machine by its address, which is in no list of host names; nothing here depends on it.
            request.META["HTTP_HOST"] = urlsplit(settings.ADGANG_BASE_URL).netloc
        begun = time.perf_counter()
        response = self.get_response(request)
        view = view_of(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(HOST, view, method, f"{response.status_code // 100}xx").inc()
        LATENCY.labels(HOST, view).observe(time.perf_counter() - begun)
        return response


def view_of(request: HttpRequest) -> str:
    """Return the name of the view that answered; "static" for files, "none" for what found none."""
    if request.resolver_match is not None:
        return request.resolver_match.url_name or "none"
    return "static" if request.path_info.startswith(str(settings.STATIC_URL)) else "none"


def written() -> bytes:
    """Return the counters of all web processes of this machine in the text format of Prometheus."""
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY)
