"""Logging: JSON lines for machines, readable lines for people, and nothing secret in either.

Every line of a request or of a task that it queued carries the same request id.
"""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from adgang.lib.cpr import masked

REMOVED = "[removed]"
SECRET_NAME = re.compile(r"password|passwd|secret|token|authorization|cookie|private_?key|api_?key", re.IGNORECASE)
# One-time links carry their secret as a path segment, which is longer than any name or date and no id.
URL_PATH = re.compile(r"(?<![\w.])(/[\w./%~@:+-]*)(\?[^\s\"']*)?")
OPAQUE = re.compile(r"(?<=/)(?![0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-]))[\w-]{32,}(?=/|$)", re.IGNORECASE)
BEARER = re.compile(r"\b(Basic|Bearer)\s+[\w+/=.~-]{8,}")
PEM_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out of a log entry what must not be kept: named secrets, tokens, queries of addresses, keys, CPR numbers."""
    for name, value in event.items():
        event[name] = _without_secrets(name, value)
    return event


def _without_secrets(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_secrets(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(name, inner) for inner in value]
    if isinstance(value, bool | int | float | None):
        return value
    if SECRET_NAME.search(name):
        return REMOVED
    return clean(value) if isinstance(value, str) else value


def clean(text: str) -> str:
    """Return `text` without private keys, credentials, secret path segments, queries and CPR numbers."""
    without_keys = BEARER.sub(rf"\1 {REMOVED}", PEM_KEY.sub(REMOVED, text))
    return masked(URL_PATH.sub(_clean_path, without_keys))


def _clean_path(match: re.Match[str]) -> str:
    # Queries hold what people searched for, names among it; which page was asked for is enough.
    return OPAQUE.sub(REMOVED, match[1]) + (f"?{REMOVED}" if match[2] else "")


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    redact,
]


def configure(*, as_json: bool, level: str) -> dict[str, Any]:
    """Configure structlog and return Django's `LOGGING`: everything to standard error, as JSON or to be read.

    Standard output stays free for the answers of commands.
    """
    shared = [timestamp(as_json=as_json), *SHARED]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer(as_json=as_json)],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Its lines hold the values of queries; no level opens it.
            "django.db": {"handlers": [], "level": "WARNING", "propagate": True},
            # Each of these says again, less well, what a line of a request or a task already says.
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"handlers": [], "level": "CRITICAL", "propagate": True},
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.consumer.connection": {"level": "WARNING"},
            "gunicorn.error": {"handlers": [], "level": "INFO" if as_json else "WARNING", "propagate": True},
            "paramiko": {"level": "WARNING"},
        },
    }


def timestamp(*, as_json: bool) -> Processor:
    """Return what stamps an entry: in UTC for machines, with the time of day for somebody who watches."""
    return structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json)


def renderer(*, as_json: bool) -> Processor:
    """Return what turns an entry into a line."""
    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, timestamp_key="timestamp")
