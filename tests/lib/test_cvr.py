"""CVR numbers: typed with or without spaces, checked by modulus 11."""

import pytest

from adgang.lib import cvr


@pytest.mark.parametrize(
    ("typed", "kept"), [("12 34 56 78", "12345678"), ("DK12345678", "12345678"), ("12-34.5678", "12345678")]
)
def test_digits(typed, kept):
    assert cvr.digits(typed) == kept


@pytest.mark.parametrize(
    ("number", "valid"), [("90000004", True), ("90000005", False), ("9000000", False), ("9000000x", False), ("", False)]
)
def test_check(number, valid):
    assert cvr.has_valid_check(number) is valid


def test_spaced():
    assert cvr.spaced("12345678") == "12\xa034\xa056\xa078"
    assert cvr.spaced("x") == "x"
