"""RSA keys that can be broken are known; sound ones are not accused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adgang.demo import pki
from certificates import keys

# p and q of a 512-bit key; real primes, so that the weakness is the only one
P = 0xF95D1F3E6A4D7B2C9E8A5B4C3D2E1F0F1A2B3C4D5E6F708192A3B4C5D6E7F8A3


def prime_after(number: int) -> int:
    number |= 1
    while not (math.gcd(number, keys._primes_product(2000)) == 1 and pow(2, number - 1, number) == 1):
        number += 2
    return number


FIRST, FAR = prime_after(P), prime_after(P // 3)


def roca_prime(start: int) -> int:
    """Return a prime of the faulty generator's form: k·M + (65537^a mod M)."""
    product = math.prod(prime for prime in range(2, 168) if all(prime % lower for lower in range(2, prime)))
    number = start * product + pow(65537, start, product)
    while pow(2, number - 1, number) != 1:
        number += product
    return number


@pytest.mark.parametrize(
    ("modulus", "expected"),
    [
        (FIRST * FAR, None),
        (FIRST * 751, "small_factor"),
        (FIRST * FAR * 2, "small_factor"),
        (FIRST * prime_after(FIRST + 2), "fermat"),
        (FIRST * prime_after(FIRST + 2**128), "fermat"),
        (FIRST * FIRST, "fermat"),
        (roca_prime(1 << 20) * roca_prime(3 << 21), "roca"),
        (0, "small_factor"),
        (1, "small_factor"),
    ],
)
def test_the_known_weaknesses_are_found(modulus: int, expected: str | None) -> None:
    assert keys.weakness(modulus) == expected


def test_ordinary_keys_are_sound() -> None:
    assert [keys.weakness(pki.cheap_key(bits).public_key().public_numbers().n) for bits in (2048, 3072)] == [None, None]


@pytest.mark.parametrize(("exponent", "sound"), [(65537, True), (65539, True), (3, False), (65538, False), (1, False)])
def test_exponents_are_odd_and_at_least_65537(exponent: int, sound: bool) -> None:
    assert keys.exponent_is_sound(exponent) is sound


def naive_fermat(modulus: int) -> bool:
    first = math.isqrt(modulus - 1) + 1
    differences = (a * a - modulus for a in range(first, first + 100))
    return any(math.isqrt(difference) ** 2 == difference for difference in differences)


@given(st.integers(2**63, 2**64), st.integers(1, 2**36))
def test_close_factors_are_found_in_a_hundred_rounds_and_no_further(factor: int, distance: int) -> None:
    modulus = (factor | 1) * ((factor | 1) + 2 * distance)
    assert keys._has_close_primes(modulus) == naive_fermat(modulus)


def test_the_last_of_the_hundred_rounds_counts() -> None:
    root = 2**80 + 13
    for further, found in ((99, True), (100, False)):
        half = math.isqrt((root + further) ** 2 - root**2 - 1) + 1  # of the factors' distance
        assert keys._has_close_primes((root + further) ** 2 - half**2) is found
