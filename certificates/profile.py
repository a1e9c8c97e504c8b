"""The OCES profiles: of which generation and kind a certificate is, and whom it was issued to.

Sources: the certificate policies of Den Danske Stat (OCES3) and of NemID (OCES2), and real certificates.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography.x509.oid import NameOID

from certificates import authorities
from certificates.details import Details, EncodedName, attribute
from certificates.kinds import Environment, Generation, Kind


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy OID says. VOCES and FOCES share theirs in OCES3: then `kinds` holds both."""

    generation: Generation
    kinds: frozenset[Kind]  # empty: a private person's certificate (POCES)
    environment: Environment | None = None  # None: the OID is the same in production and test


_COMPANY_OR_FUNCTION = frozenset({Kind.VOCES, Kind.FOCES})
_PRODUCTION, _TEST = Environment.PRODUCTION, Environment.TEST
_OCES2_ARCS = (
    ("1.2.208.169.1.1.1", _PRODUCTION),
    ("1.3.6.1.4.1.31313.2.4.6", _TEST),
)
_OCES2_KINDS: dict[str, frozenset[Kind]] = {
    "1": frozenset(),
    "2": frozenset({Kind.MOCES}),
    "3": frozenset({Kind.VOCES}),
    "4": frozenset({Kind.FOCES}),
}

# OCES3's arcs lie below OCES2's, so they stand first.
_POLICIES: tuple[tuple[str, Policy], ...] = (
    ("1.2.208.169.1.1.1.2.7", Policy(Generation.OCES3, frozenset({Kind.MOCES}))),
    ("1.2.208.169.1.1.1.3.7", Policy(Generation.OCES3, _COMPANY_OR_FUNCTION)),
    *(
        (f"{arc}.{last}", Policy(Generation.OCES2, kinds, environment))
        for arc, environment in _OCES2_ARCS
        for last, kinds in _OCES2_KINDS.items()
    ),
)

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ORGANISATION_IDENTIFIER = re.compile(r"NTRDK-([0-9]{8})")
_OCES3_HOLDER = re.compile(rf"UI:DK-(?:(O):G|(E):[GC]):({_UUID})", re.IGNORECASE)
_OCES2_HOLDER = re.compile(r"CVR:([0-9]{8})-((RID|UID|FID):[0-9A-Za-z._-]{1,64})")
_OCES2_PERSON = re.compile(r"PID:.*")
_OCES2_FORMS = {"RID": Kind.MOCES, "UID": Kind.VOCES, "FID": Kind.FOCES}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate says of itself.

    `form_kinds` and `form_generation`: what the form of its serialNumber allows; `policy_…`: what its policy says.
    """

    generation: Generation | None
    environment: Environment | None  # as its policy or issuer's name tells; the path has the last word
    issuer: authorities.Authority | None  # the known authority whose name the issuer bears; a name proves nothing
    policy_kinds: frozenset[Kind]
    form_kinds: frozenset[Kind]
    policy_generation: Generation | None
    form_generation: Generation | None
    kind: Kind | None
    is_personal: bool
    cvr: str | None
    holder_id: str | None


def read_profile(details: Details) -> Profile:
    """Return the profile of a certificate; what cannot be told is None or empty."""
    policy = _policy(details)
    issuer = _issuer(EncodedName(details.issuer_der, details.issuer_name))
    known = issuer.authority
    serial_number = details.subject_attribute(NameOID.SERIAL_NUMBER) or ""
    cvr, holder_id, form_kinds = _holder(details, serial_number)
    policy_kinds = policy.kinds if policy else frozenset()
    return Profile(
        generation=_generation(policy, issuer),
        environment=(policy.environment if policy else None) or (known.environment if known else None),
        issuer=known,
        policy_kinds=policy_kinds,
        form_kinds=form_kinds,
        policy_generation=policy.generation if policy else None,
        form_generation=_form_generation(serial_number) if holder_id else None,
        kind=_kind(details, policy_kinds & form_kinds or policy_kinds or form_kinds),
        is_personal=bool(policy and not policy.kinds) or bool(_OCES2_PERSON.fullmatch(serial_number)),
        cvr=cvr,
        holder_id=holder_id,
    )


def _policy(details: Details) -> Policy | None:
    for arc, policy in _POLICIES:
        if any(oid == arc or oid.startswith(f"{arc}.") for oid in details.extensions.policies):
            return policy
    return None


@dataclass(frozen=True, slots=True)
class _Issuer:
    """What an issuer's name tells, which proves nothing."""

    is_tdc: bool
    authority: authorities.Authority | None


@lru_cache(maxsize=64)
def _issuer(issuer: EncodedName) -> _Issuer:
    """Return what a name tells; few issuers stand in many certificates."""
    common_name = attribute(issuer.name, NameOID.COMMON_NAME)
    known = authorities.named(common_name, attribute(issuer.name, NameOID.ORGANIZATIONAL_UNIT_NAME))
    return _Issuer((common_name or "").startswith("TDC OCES"), known)


def _generation(policy: Policy | None, issuer: _Issuer) -> Generation | None:
    # OCES1 used the policies that OCES2 took over; only its issuer, TDC, tells it apart.
    if issuer.is_tdc:
        return Generation.OCES1
    if policy:
        return policy.generation
    return issuer.authority.generation if issuer.authority else None


def _holder(details: Details, serial_number: str) -> tuple[str | None, str | None, frozenset[Kind]]:
    """Return CVR, holder id and the kinds that the serialNumber allows. CVR is read from nowhere else."""
    if found := _OCES2_HOLDER.fullmatch(serial_number):
        return found[1], found[2], frozenset({_OCES2_FORMS[found[3]]})
    identifier = details.subject_attribute(NameOID.ORGANIZATION_IDENTIFIER) or ""
    organisation = _ORGANISATION_IDENTIFIER.fullmatch(identifier)
    cvr = organisation[1] if organisation else None
    if found := _OCES3_HOLDER.fullmatch(serial_number):
        return cvr, found[3].lower(), _COMPANY_OR_FUNCTION if found[1] else frozenset({Kind.MOCES})
    return cvr, None, frozenset()


def _form_generation(serial_number: str) -> Generation:
    return Generation.OCES3 if serial_number.upper().startswith("UI:") else Generation.OCES2


def _kind(details: Details, kinds: frozenset[Kind]) -> Kind | None:
    """Organisation and system certificates of OCES3 differ in nonRepudiation alone."""
    if kinds == _COMPANY_OR_FUNCTION:
        return Kind.VOCES if "non_repudiation" in (details.extensions.key_usage or ()) else Kind.FOCES
    return next(iter(kinds), None)
