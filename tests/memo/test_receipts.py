"""What Digital Post makes of a receipt."""

import json

import pytest

from memo import receipts

pytestmark = pytest.mark.once

RIGHT = {
    "transmissionId": "t-1",
    "messageUUID": "8f1c0f2e-3c5b-4f6a-9d7e-1a2b3c4d5e6f",
    "messageId": "sag-1",
    "errorCode": None,
    "errorMessage": None,
    "timeStamp": "2026-11-23T13:05:00Z",
    "receiptStatus": "COMPLETED",
}


def judged(**changes):
    verdict = receipts.judge(json.dumps({k: v for k, v in (RIGHT | changes).items() if v != "-"}).encode())
    return verdict.accepted, verdict.positive, [one.code for one in verdict.findings]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (True, True, ["receipt.positive"])),
        ({"errorCode": ""}, (True, True, ["receipt.positive"])),
        ({"errorCode": "-"}, (True, True, ["receipt.positive"])),
        ({"receiptStatus": "RECEIVED"}, (True, True, ["receipt.technical"])),
        ({"errorCode": 0}, (False, False, ["receipt.zero", "receipt.negative"])),
        ({"errorCode": "0"}, (False, False, ["receipt.zero", "receipt.negative"])),
        ({"errorCode": "x"}, (False, False, ["receipt.contradiction", "receipt.negative"])),
        ({"errorCode": "x", "receiptStatus": "INVALID"}, (True, False, ["receipt.negative"])),
        ({"receiptStatus": "NOT_ALLOWED"}, (False, False, ["receipt.no_reason", "receipt.negative"])),
        ({"receiptStatus": "OK"}, (False, True, ["receipt.status", "receipt.positive"])),
        ({"messageUUID": "1"}, (False, True, ["receipt.uuid", "receipt.positive"])),
        ({"messageUUID": "-"}, (False, True, ["receipt.missing", "receipt.positive"])),
        ({"timeStamp": "2026-11-23T13:05:00"}, (False, True, ["receipt.time", "receipt.positive"])),
        ({"errorCode": "E1", "receiptStatus": []}, (False, False, ["receipt.status", "receipt.negative"])),
        ({"receiptStatus": {"a": 1}}, (False, True, ["receipt.status", "receipt.positive"])),
        ({"\ud800": 1}, (True, True, ["receipt.unknown", "receipt.positive"])),
        ({"status": "x"}, (True, True, ["receipt.unknown", "receipt.positive"])),
    ],
)
def test_what_becomes_of_it(changes, expected):
    assert judged(**changes) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "receipt.not_json"),
        (b"{", "receipt.not_json"),
        (b"\xff", "receipt.not_json"),
        (b"[]", "receipt.not_object"),
        (b"[" * 9000, "receipt.not_json"),
        (b" " * (receipts.MAX_BYTES + 1), "receipt.large"),
    ],
)
def test_what_is_no_receipt(content, code):
    verdict = receipts.judge(content)
    assert (verdict.positive, [one.code for one in verdict.findings]) == (None, [code])


def test_a_zero_is_explained():
    text = receipts.judge(json.dumps(RIGHT | {"errorCode": 0}).encode()).findings[0].message
    assert "sendes igen" in text
    assert "deaktivering" in text
