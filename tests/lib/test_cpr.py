"""What looks like a CPR number is masked, however it is written; what does not is left alone."""

import pytest

from adgang.lib.cpr import masked


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Vedr. 010190-1234.", "Vedr. 010190-xxxx."),
        ("0101901234", "010190xxxx"),
        ("010190 1234", "010190 xxxx"),
        ("010190 – 1234", "010190 – xxxx"),  # as a word processor writes it
        ("010190\N{NO-BREAK SPACE}1234", "010190\N{NO-BREAK SPACE}xxxx"),
        ("010190\N{NON-BREAKING HYPHEN}1234", "010190\N{NON-BREAKING HYPHEN}xxxx"),
        ("erstatningsnummer 610190-1234 og 911290-1234", "erstatningsnummer 610190-xxxx og 911290-xxxx"),
    ],
)
def test_masked(text: str, kept: str) -> None:
    assert masked(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "320190-1234",
        "011390-1234",
        "tlf. 20 12 12 34",
        "1010190-1234",
        "010190-12345",
        "2026-11-23",
        "e030d0de-0101-4012-8010-010190123456",
        "5790000000005",
    ],
)
def test_left_alone(text: str) -> None:
    assert masked(text) == text
