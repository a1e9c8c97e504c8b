"""What browsers tell of pages that wanted what the Content-Security-Policy forbids: logged, and nothing else kept.

Anybody can send such a report, so it is little, rare and cleaned: the directive and the host, never a path, a query or
an address of a page, which may hold secrets.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from adgang.lib.peers import client_address, neighbourhood
from organisations import access, throttling

TYPES = ("application/csp-report", "application/reports+json")
LIMIT = 16 * 1024  # bytes of one message
MOST = 20  # reports in one message
A_MINUTE, MINUTE = 20, timedelta(minutes=1)  # messages from one network
DIRECTIVE = re.compile(r"[a-z-]{3,40}")
HOST = re.compile(r"[a-z0-9.:\[\]-]{1,100}")
WORDS = frozenset({"inline", "eval", "wasm-eval", "self", "data", "blob", "trusted-types-policy", "trusted-types-sink"})

log = structlog.get_logger(__name__)


@csrf_exempt  # browsers send reports without the page's token; nothing is changed by one
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Take a browser's report. The answer is empty, whatever becomes of it."""
    access.public(request)
    if request.content_type not in TYPES:
        return HttpResponse(status=415)
    if not throttling.allow(
        f"csp:{neighbourhood(client_address(request))}", limit=A_MINUTE, window=MINUTE, at=timezone.now()
    ):
        return HttpResponse(status=429, headers={"Retry-After": str(int(MINUTE.total_seconds()))})
    body = request.read(LIMIT + 1)
    if len(body) > LIMIT:
        return HttpResponse(status=413)
    for (directive, blocked), count in Counter(_violations(body)).items():
        log.warning("csp_violation", directive=directive, blocked=blocked, count=count)
    return HttpResponse(status=204)


def _violations(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the directive that was violated and what was blocked, of each report that can be read."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    for one in told[:MOST] if isinstance(told, list) else [told]:
        report = (one.get("body") or one.get("csp-report")) if isinstance(one, dict) else None
        if not isinstance(report, dict):
            continue
        directive = _text(report, "effectiveDirective", "effective-directive", "violated-directive").split(" ")[0]
        if DIRECTIVE.fullmatch(directive):
            yield directive, _blocked(_text(report, "blockedURL", "blocked-uri"))


def _text(report: dict[str, Any], *names: str) -> str:
    return next((report[name] for name in names if isinstance(report.get(name), str)), "")


def _blocked(address: str) -> str:
    """Return the host of what was blocked, or the word that stands for it."""
    if address in WORDS:
        return address
    try:
        parts = urlsplit(address[:2000])
        host = parts.hostname or parts.scheme
    except ValueError:
        host = ""
    return host if HOST.fullmatch(host) else "other"
