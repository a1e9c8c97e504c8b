"""The known OCES authorities, by the SHA-256 of their certificates, and the one hierarchy that must never be trusted.

The fingerprints are shipped, the certificates are not: `manage.py trust add` takes the files.
"""

from dataclasses import dataclass

from certificates.kinds import Environment, Generation


@dataclass(frozen=True, slots=True)
class Authority:
    """A known root or issuing CA: `common_name` and `unit` (OU, or None) are how certificates name it.

    `address`: where its file is published; "" where it is not, or where the operator of that world alone has it.
    """

    sha256: str  # lower-case hexadecimal digits
    generation: Generation
    environment: Environment
    common_name: str
    unit: str | None = None
    is_root: bool = False
    address: str = ""


_ROOT3, _ISSUING3 = "Den Danske Stat OCES rod-CA", "Den Danske Stat OCES udstedende-CA 1"
_CTI, _ST = "Test - cti", "Test - st"
_OCES2, _OCES3, _PRODUCTION, _TEST = Generation.OCES2, Generation.OCES3, Environment.PRODUCTION, Environment.TEST

_KNOWN = (
    Authority(
        "06fcb2cba39d4486e5308ad86980bcd7acd3b73b3bb126c75f6c4b4da04c9c09",
        _OCES3,
        _PRODUCTION,
        _ROOT3,
        is_root=True,
        address="http://ca1.gov.dk/oces/root/cacert/root.cer",
    ),
    Authority(
        "5b5662aa0112b984033a33afd3a95a49a79c7aee9c249428dd82bfd4c02d67b8",
        _OCES3,
        _PRODUCTION,
        _ISSUING3,
        address="http://ca1.gov.dk/oces/issuing/1/cacert/issuing.cer",
    ),
    Authority(
        "d1bcec41d7acae932b7dfe66a8b7341ca75952c8664fccef4c4ae2150f95c5ec",
        _OCES3,
        _TEST,
        _ROOT3,
        _CTI,
        is_root=True,
        address="http://ca1.cti-gov.dk/oces/root/cacert/root.cer",
    ),
    Authority(
        "57c785236ad7c9c986b94d49abdafd1b955c5509338fa43a7ce0d66088c8af9b",
        _OCES3,
        _TEST,
        _ISSUING3,
        _CTI,
        address="http://ca1.cti-gov.dk/oces/issuing/1/cacert/issuing.cer",
    ),
    # the agency's internal test, which only the operator of such an installation wants
    Authority(
        "08d53d7f796cfca2944c0a35db583369bcfcf9bf1000d3d84894e050aa9f756c", _OCES3, _TEST, _ROOT3, _ST, is_root=True
    ),
    Authority("0b18e1bec24d3120a7ae33c626bb3ecf41858d638f09b6aad1c945d93b14dfa9", _OCES3, _TEST, _ISSUING3, _ST),
    # OCES2 ended in 2023; its authorities serve to judge what was valid then
    Authority(
        "92d8092ee77bc9208f0897dc05271894e63ef27933ae537fb983eef0eae3eec8",
        _OCES2,
        _PRODUCTION,
        "TRUST2408 OCES Primary CA",
        is_root=True,
    ),
    Authority(
        "45f626a804c20761ae633f0bf928cfab6692f207f5a57f8028312a481ae29f35", _OCES2, _PRODUCTION, "TRUST2408 OCES CA I"
    ),
    Authority(
        "777dda01f84996e25132c12c50b913342b8e2377c367de5e7fa2d4f31dab925c", _OCES2, _PRODUCTION, "TRUST2408 OCES CA II"
    ),
    Authority(
        "86fa9608782ec0e268bfe41083c173784180046c55ee9c02429a6d77a94855bc", _OCES2, _PRODUCTION, "TRUST2408 OCES CA III"
    ),
    Authority(
        "0e2fd1fda36a4bf3995e28619704d60e3382c91e44a2b458ab891316380b1d50",
        _OCES2,
        _TEST,
        "TRUST2408 Systemtest VII Primary CA",
        is_root=True,
    ),
    Authority(
        "009b6ec7f62c6398dfd1f117a743a3a3f40fb2bdd36b385fcfa169ce60ce1364",
        _OCES2,
        _TEST,
        "TRUST2408 Systemtest VIII CA",
    ),
    Authority(
        "f208512501fb28aaa49cd91a098923e42a06066bc143fab789bafc00795c54af", _OCES2, _TEST, "TRUST2408 Systemtest XIX CA"
    ),
    Authority(
        "329931a8d73e3991abe2c66c4716b72c5ff9f296222a7e45a955071884cad4e8",
        _OCES2,
        _TEST,
        "TRUST2408 Systemtest XXII CA",
    ),
    Authority(
        "1f6c2aa99d86f404e0ead780d856dde03b2ebda0ff54989d23314a55dd008cb2",
        _OCES2,
        _TEST,
        "TRUST2408 Systemtest XXXIV CA",
    ),
)

KNOWN = {authority.sha256: authority for authority in _KNOWN}

# A test hierarchy of qualified certificates that bears similar names. Not OCES: refused wherever it turns up.
DENIED = frozenset(
    {
        "2c20230bc0dcd35f2826af2aca54c22dc37ec0ac2df42a31ea9fc6214cc66980",
        "c0944526cdd6b1a2d32f606a3a3f8b4bd9923ebd79389222b551b58f81b9e132",
    }
)


def addressed(environment: Environment | None = None) -> list[Authority]:
    """Return the authorities whose files are published, of one environment or of both; a root before its CA."""
    return [known for known in _KNOWN if known.address and environment in (None, known.environment)]


def named(common_name: str | None, unit: str | None) -> Authority | None:
    """Return the known authority that bears this name. A name proves nothing; it only helps to say what is missing."""
    found = (known for known in _KNOWN if (known.common_name, known.unit) == (common_name, unit))
    return next(found, None)
