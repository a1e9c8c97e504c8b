"""The way to the provider and back: what the browser is sent away with, and who comes back."""

import datetime as dt
from dataclasses import asdict
from typing import Any

import structlog
from django.conf import settings
from onelogin.saml2.auth import OneLogin_Saml2_Auth

from adgang.lib.cvr import digits
from adgang.lib.findings import Finding, finding
from organisations import tickets
from organisations.errands import Errand
from organisations.identities import Shown
from organisations.saml import responses
from organisations.saml.offering import METHOD, name
from organisations.saml.responses import Assertion, SamlFailed
from organisations.saml.soundness import LEVELS
from organisations.saml.toolkit import CVR, LEVEL, PERSON, request_data, toolkit

ROW = "saml_ticket"
LONGEST = 255  # letters of a subject

log = structlog.get_logger(__name__)


def departure(errand: Errand) -> tuple[str, str]:
    """Return the address at the provider to which the browser is sent, and the id of the signed request it carries."""
    asking = OneLogin_Saml2_Auth(request_data("saml_start", get_data={}), toolkit())
    # Who is logged in there already must show anew that it is them.
    address: str = asking.login(return_to=errand.state, force_authn=errand.purpose == "prove")
    return address, asking.get_last_request_id()


def ticket(posted: str, *, state: str, at: dt.datetime) -> str:
    """Return what the provider's POST says, or why it says nothing, for the page that knows the browser's session."""
    try:
        told: dict[str, Any] = {"assertion": asdict(responses.verified(posted, at=at))}
    except SamlFailed as failure:
        told = {"finding": _told(failure).as_json()}
    return tickets.seal(told | {"state": state}, row=ROW, at=at)


def arrival(errand: Errand, told: dict[str, Any]) -> tuple[Shown, Assertion] | Finding:
    """Return whom the provider vouches for in its answer to the errand, or why nobody is let in."""
    if "finding" in told:
        return Finding.from_json(told["finding"])
    assertion = Assertion(**told["assertion"])
    try:
        _check(errand, assertion)
        return _shown(assertion), assertion
    except SamlFailed as failure:
        return _told(failure)


def _told(failure: SamlFailed) -> Finding:
    log.warning("identity_refused", method=METHOD, code=failure.code, why=failure.params.get("why", ""))
    return finding(failure.code, name=name(), code=failure.params.get("error", ""))


def _check(errand: Errand, assertion: Assertion) -> None:
    if assertion.request_id != errand.extra.get("request_id"):
        raise SamlFailed("identity.untrusted", why="answer to another request")
    if errand.purpose == "prove" and not responses.is_since(assertion.instant, dt.datetime.fromisoformat(errand.begun)):
        raise SamlFailed("identity.stale", why="AuthnInstant is missing or too old")
    level = _one(assertion, LEVEL).removeprefix(f"{LEVEL}/")
    if level not in LEVELS or LEVELS.index(level) < LEVELS.index(settings.ADGANG_SAML_LEVEL):
        raise SamlFailed("identity.level", why=f"level is {level[:100]!r}")


def _shown(assertion: Assertion) -> Shown:
    subject, cvr = _one(assertion, PERSON), digits(_one(assertion, CVR))
    if len(cvr) != 8 or not (cvr.isascii() and cvr.isdigit()):
        raise SamlFailed("identity.no_cvr", why="no CVR number")
    if not 0 < len(subject) <= LONGEST:
        raise SamlFailed("identity.no_cvr", why="no identity of an employee")
    # Who changes employer is somebody else here, even where the provider keeps the account.
    return Shown(method=METHOD, issuer=f"{assertion.issuer} {cvr}", subject=subject, cvr=cvr)


def _one(assertion: Assertion, attribute: str) -> str:
    """Return the attribute's only value; "" where there is none, or several."""
    values = assertion.attributes.get(attribute, [])
    return values[0].strip() if len(values) == 1 and values[0] else ""
