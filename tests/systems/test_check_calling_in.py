"""Checks of systems that call us: what they need, and when they last called."""

import datetime as dt
from typing import Any

import pytest

from systems.steps.subject import Subject
from tests.systems.checks import carry_out, outline

pytestmark = pytest.mark.once


def ago(**span: float) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(**span)).isoformat()


@pytest.mark.parametrize("protocol", ["REST_PULL", "REST_PUBLISH_SUBSCRIBE"])
def test_everything_in_order(protocol: str) -> None:
    steps = carry_out(
        Subject(protocol=protocol, token_created=ago(days=3), networks=("193.3.230.7/32",), last_seen=ago(hours=1))
    )
    assert outline(steps) == [
        ("CREDENTIAL", "ok", ["credential.in_force"]),
        ("TOKEN", "ok", ["token.present"]),
        ("ADDRESSES", "ok", ["addresses.listed"]),
        ("LAST_SEEN", "ok", ["seen.recently"]),
    ]
    assert steps[1]["found"]["days"] == 3


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("failed", "warning", "warning")),
        ({"token_created": ago(days=400)}, ("warning", "warning", "warning")),
        ({"networks": ("10.0.0.0/30", "193.3.230.7/32")}, ("failed", "warning", "warning")),
        ({"last_seen": ago(days=8)}, ("failed", "warning", "warning")),
    ],
)
def test_what_is_missing_or_old(fields: dict[str, Any], expected: tuple[str, ...]) -> None:
    steps = carry_out(Subject(protocol="REST_PULL", **fields))
    assert tuple(status for _, status, _ in outline(steps)[1:]) == expected


def test_private_addresses_are_named() -> None:
    steps = carry_out(Subject(protocol="REST_PULL", networks=("10.0.0.0/30", "193.3.230.7/32")))
    assert steps[2]["findings"][0] == {
        "code": "addresses.private",
        "severity": "warning",
        "params": {"networks": "10.0.0.0/30"},
    }
