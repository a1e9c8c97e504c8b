"""Logs: what is secret is gone before a line is written, and a task's lines carry the id of the request."""

import json
import logging
from io import StringIO
from typing import Any

import pytest
import structlog

from adgang import logs
from adgang.celery import app
from organisations.tasks import worker_alive

TOKEN = "mN3q7ZkX0aPq8vJ2cYb6Lw5sTd1rUe4oGh9iKxA_-zQ"
UUID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"GET /invitation/{TOKEN}/", "GET /invitation/[removed]/"),
        (f"GET /o/12345678/systemer/{UUID}/", f"GET /o/12345678/systemer/{UUID}/"),
        ("GET /o/12345678/hændelser/?q=Kim+Prøvesen", "GET /o/12345678/hændelser/?[removed]"),
        (
            f"sent to https://adgang.example.dk/nulstil/{TOKEN}?next=/x",
            "sent to https://adgang.example.dk/nulstil/[removed]?[removed]",
        ),
        ("GET /static/dkfds/css/dkfds.min.1a2b3c4d5e6f.css", "GET /static/dkfds/css/dkfds.min.1a2b3c4d5e6f.css"),
        ("row of 010190-1234 refused", "row of 010190-xxxx refused"),
        ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "Authorization: Basic [removed]"),
        (f"got {KEY} instead", "got [removed] instead"),
        ("Is 3/4 more than 1/2?", "Is 3/4 more than 1/2?"),
    ],
)
def test_texts_lose_their_secrets(text: str, kept: str) -> None:
    assert logs.clean(text) == kept


def test_named_secrets_are_removed_at_every_depth() -> None:
    event = {
        "event": "signed in",
        "password": "korrekt hest",
        "code": 200,
        "api_token": None,
        "form": {"email": "kim@example.org", "new_password": "x", "rows": [{"private_key": KEY}]},
    }
    assert logs.redact(None, "info", event) == {
        "event": "signed in",
        "password": "[removed]",
        "code": 200,
        "api_token": None,
        "form": {"email": "kim@example.org", "new_password": "[removed]", "rows": [{"private_key": "[removed]"}]},
    }


def written(*, as_json: bool, entry: dict[str, Any]) -> str:
    """Return the line that a handler with our formatter writes for an entry of the standard library's logging."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[logs.timestamp(as_json=as_json), *logs.SHARED],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, logs.renderer(as_json=as_json)],
        )
    )
    handler.handle(logging.makeLogRecord({"levelname": "WARNING", "name": "adgang.test"} | entry))
    return stream.getvalue()


def test_json_lines() -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        line = written(as_json=True, entry={"msg": "answered %s", "args": (f"/x/{TOKEN}/",)})
    entry = json.loads(line)
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {
        "event": "answered /x/[removed]/",
        "level": "warning",
        "logger": "adgang.test",
        "request_id": "r-1",
    }


def test_an_exception_is_cleaned_too() -> None:
    try:
        raise ValueError(f"bad link /invitation/{TOKEN}/")
    except ValueError as error:
        line = written(as_json=True, entry={"msg": "failed", "exc_info": (type(error), error, error.__traceback__)})
    assert "ValueError: bad link /invitation/[removed]/" in json.loads(line)["exception"]


def test_lines_for_people_have_no_colours() -> None:
    line = written(as_json=False, entry={"msg": "hello"})
    assert "hello" in line
    assert "\x1b" not in line


def test_a_task_takes_the_id_of_the_request_along() -> None:
    with app.connection_for_write() as connection, connection.SimpleQueue("default") as queue:
        queue.clear()
        with structlog.contextvars.bound_contextvars(request_id="r-2"):
            worker_alive.apply_async(connection=connection)
        message = queue.get(timeout=5)
        message.ack()
    assert message.headers["__django_structlog__"]["request_id"] == "r-2"
