"""RSA keys that must not be used: too short, with an odd exponent, or of a kind that is known to be broken."""

import math
from functools import cache

MINIMUM_EXPONENT = 65537

# The primes of ROCA's generator: a faulty modulus is a power of 65537 modulo each of them
# (Nemec et al., "The Return of Coppersmith's Attack", CCS 2017). Of the primes up to 167 these are the ones where that
# says anything; a sound modulus passes all of them once in 2.4e8 times.
_ROCA_PRIMES = (11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157)
_ROCA_PRODUCT = math.prod(_ROCA_PRIMES)
# Sound keys have no factor of less than 1,000 bits; faulty generators have left small ones. The lesser bound is that of
# the CA/Browser Forum's baseline requirements, 6.1.6; the larger takes a third of a millisecond, which only a key that
# a person hands in is worth.
_SMALL_PRIMES_BELOW, _LARGER_PRIMES_BELOW = 752, 65_536
_FERMAT_ROUNDS = 100
_ODD_PRIMES_PRODUCT = 3 * 5 * 7 * 11 * 13 * 17
_SQUARES_MODULO_256 = frozenset(n * n % 256 for n in range(256))


def exponent_is_sound(exponent: int) -> bool:
    """Say whether a public exponent is odd and at least 65537 (FIPS 186-5, A.1.1)."""
    return exponent >= MINIMUM_EXPONENT and exponent % 2 == 1


def weakness(modulus: int, *, thorough: bool = False) -> str | None:
    """Return "small_factor", "fermat" or "roca" when an RSA modulus can be factored by a known way, else None."""
    below = _LARGER_PRIMES_BELOW if thorough else _SMALL_PRIMES_BELOW
    if modulus < 4 or math.gcd(modulus, _primes_product(below)) != 1:
        return "small_factor"
    if _is_roca(modulus):
        return "roca"
    return "fermat" if _has_close_primes(modulus) else None


@cache
def _primes_product(below: int) -> int:
    sieve = bytearray([1]) * below
    for n in range(2, math.isqrt(below) + 1):
        sieve[n * n :: n] = bytes(len(range(n * n, below, n)))
    return math.prod(n for n in range(2, below) if sieve[n])


@cache
def _powers_of_65537(prime: int) -> frozenset[int]:
    return frozenset(pow(65537, exponent, prime) for exponent in range(prime - 1))


def _is_roca(modulus: int) -> bool:
    remainder = modulus % _ROCA_PRODUCT
    return all(remainder % prime in _powers_of_65537(prime) for prime in _ROCA_PRIMES)


def _has_close_primes(modulus: int) -> bool:
    """Fermat's method: with p and q close to each other, a² − n is a square for an a near √n.

    Roots of 3,000 bits are dear. What a square can be modulo 256 leaves one a in six, and modulo the product of a few
    odd primes one in 160.
    """
    first = math.isqrt(modulus - 1) + 1
    # Whatever follows is asked of small numbers: these say the same modulo 256, 128 and the product.
    start, rest = first % (128 * _ODD_PRIMES_PRODUCT), modulus % (256 * _ODD_PRIMES_PRODUCT)
    squares = _squares_modulo_odd_primes()
    for low in _roots_of_squares(rest % 256):
        n = (low - start) % 128
        if n < _FERMAT_ROUNDS and ((start + n) ** 2 - rest) % _ODD_PRIMES_PRODUCT in squares:
            difference = (first + n) ** 2 - modulus
            if math.isqrt(difference) ** 2 == difference:
                return True
    return False


@cache
def _roots_of_squares(modulus: int) -> tuple[int, ...]:
    """Return the a below 128, whose squares repeat from there, for which a² − modulus may be a square, modulo 256."""
    return tuple(a for a in range(128) if (a * a - modulus) % 256 in _SQUARES_MODULO_256)


@cache
def _squares_modulo_odd_primes() -> frozenset[int]:
    return frozenset(n * n % _ODD_PRIMES_PRODUCT for n in range(_ODD_PRIMES_PRODUCT))
