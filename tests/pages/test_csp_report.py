"""What browsers report of blocked content: logged with directive and host, in small doses, and nothing of the user."""

import json

import pytest
from django.test import Client
from structlog.testing import capture_logs

from adgang.pages.csp_reports import A_MINUTE, LIMIT

pytestmark = pytest.mark.django_db
OLD, NEW = "application/csp-report", "application/reports+json"
SECRET = "hemmelig-token"


def told(body, content_type=OLD, **more):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with capture_logs() as lines:
        answer = Client().post("/csp-rapport/", content, content_type=content_type, **more)
    return answer.status_code, [line for line in lines if line["event"] == "csp_violation"], str(lines)


def test_both_kinds_of_reports_are_logged_without_paths():
    old = {
        "csp-report": {
            "document-uri": f"https://adgang.test/invitation/{SECRET}/",
            "effective-directive": "script-src-elem",
            "blocked-uri": f"https://evil.example/{SECRET}?{SECRET}",
        }
    }
    status, lines, everything = told(old)
    assert status == 204
    assert [(line["directive"], line["blocked"], line["count"]) for line in lines] == [
        ("script-src-elem", "evil.example", 1)
    ]
    assert SECRET not in everything
    new = [{"type": "csp-violation", "body": {"effectiveDirective": "style-src", "blockedURL": "inline"}}] * 3
    _status, lines, _ = told(new, NEW)
    assert [(line["directive"], line["blocked"], line["count"]) for line in lines] == [("style-src", "inline", 3)]


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"\xff",
        b"[" * 10_000,
        b"[[], 1, null, {}]",
        b'{"csp-report": [1]}',
        {"csp-report": {"effective-directive": "<script>"}},
        {"csp-report": {"effective-directive": {"a": 1}, "blocked-uri": 7}},
    ],
)
def test_what_cannot_be_read_leaves_nothing(body):
    status, lines, _ = told(body)
    assert (status, lines) == (204, [])


@pytest.mark.parametrize("address", ["http://[::1", "x\r\nforged=1", "https://a b/", "", "https://" + "a" * 300])
def test_a_hostile_host_is_told_as_other(address):
    _status, lines, _ = told({"csp-report": {"effective-directive": "img-src", "blocked-uri": address}})
    assert [line["blocked"] for line in lines] == ["other"]


def test_other_types_too_much_and_too_many_are_refused():
    assert told({}, "application/json")[0] == 415
    assert told(b" " * (LIMIT + 1))[0] == 413
    for _ in range(A_MINUTE):
        told(b" ")
    with capture_logs():
        answer = Client().post("/csp-rapport/", b"{}", content_type=OLD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    with capture_logs():
        elsewhere = Client().post("/csp-rapport/", b"{}", content_type=OLD, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 204


def test_only_posts():
    assert Client().get("/csp-rapport/").status_code == 405
