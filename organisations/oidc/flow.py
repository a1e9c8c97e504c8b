"""The way to the provider and back: what the browser is sent away with, and who comes back."""

import base64
import datetime as dt
import re
from typing import Any
from urllib.parse import quote_plus

import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from adgang.lib.cvr import digits
from adgang.lib.findings import Finding, finding
from adgang.lib.secrets import new_token
from organisations.errands import Errand
from organisations.identities import Shown
from organisations.oidc import provider, tokens
from organisations.oidc.offering import METHOD, name
from organisations.oidc.provider import OidcFailed, Provider

BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750, §2.1
LONGEST = 255  # letters of a subject (OpenID Connect Core 1.0, §2)

log = structlog.get_logger(__name__)


def extra() -> dict[str, str]:
    """Return what an errand must remember until the person comes back."""
    return {"nonce": new_token(), "verifier": new_token()}


def departure(errand: Errand) -> str | Finding:
    """Return the address at the provider to which the browser is sent, or why it cannot be."""
    try:
        there = provider.provider()
    except OidcFailed as failure:
        return _told(failure)
    asked: dict[str, str] = {}
    if errand.purpose == "prove":  # who is logged in there already must show anew that it is them
        asked = {"prompt": "login", "max_age": "0"}
    if settings.ADGANG_OIDC_LEVEL_CLAIM == "acr":
        asked["acr_values"] = " ".join(settings.ADGANG_OIDC_LEVELS)
    return str(
        prepare_grant_uri(
            there.authorization_endpoint,
            settings.ADGANG_OIDC_CLIENT_ID,
            "code",
            redirect_uri=_here(),
            scope=settings.ADGANG_OIDC_SCOPES,
            state=errand.state,
            nonce=errand.extra["nonce"],
            code_challenge=create_s256_code_challenge(errand.extra["verifier"]),
            code_challenge_method="S256",
            **asked,
        )
    )


def arrival(errand: Errand, answered: dict[str, str], *, at: dt.datetime) -> Shown | Finding:
    """Return whom the provider vouches for in its answer to the errand, or why nobody is let in."""
    try:
        there = provider.provider()
        _check(there, answered)
        token = _exchanged(there, errand, answered["code"])
        access_token = str(token.get("access_token", ""))
        begun = dt.datetime.fromisoformat(errand.begun) if errand.purpose == "prove" else None
        claims = tokens.verified(
            token.get("id_token"), nonce=errand.extra["nonce"], access_token=access_token, at=at, begun=begun
        )
        _check_level(claims)
        return _shown(_completed(there, claims, access_token))
    except OidcFailed as failure:
        return _told(failure)


def farewell() -> str:
    """Return the address at which the person logs out at the provider too; "" where it offers none, or is not there.

    Without `id_token_hint`, which would have to be kept: the provider asks the person instead (OpenID Connect
    RP-Initiated Logout 1.0, §2).
    """
    try:
        there = provider.provider().end_session_endpoint
    except OidcFailed:
        return ""
    told = {
        "client_id": settings.ADGANG_OIDC_CLIENT_ID,
        "post_logout_redirect_uri": f"{settings.ADGANG_BASE_URL}{reverse('sign_in')}",
    }
    return f"{there}{'&' if '?' in there else '?'}{urlencode(told)}" if there else ""


def _here() -> str:
    return f"{settings.ADGANG_BASE_URL}{reverse('oidc_return')}"


def _told(failure: OidcFailed) -> Finding:
    log.warning("identity_refused", method=METHOD, code=failure.code, why=failure.params.get("why", ""))
    return finding(failure.code, name=name(), code=failure.params.get("error", ""))


def _check(there: Provider, answered: dict[str, str]) -> None:
    """Refuse an answer that is an error, or comes from somebody else (RFC 9207)."""
    who = answered.get("iss", "")
    if who != settings.ADGANG_OIDC_ISSUER and (who or there.names_itself):
        raise OidcFailed("identity.untrusted", why="answer of another issuer")
    error = "".join(letter for letter in answered.get("error", "") if letter.isascii() and letter.isprintable())[:60]
    if error == "access_denied":
        raise OidcFailed("identity.broken_off", why=error)
    if error or not answered.get("code"):
        raise OidcFailed("identity.provider_refused", why=error or "no code", error=error or "no_code")


def _exchanged(there: Provider, errand: Errand, code: str) -> dict[str, Any]:
    """Return the provider's tokens for the code, which it gives once and to us alone."""
    body = prepare_token_request(
        "authorization_code", redirect_uri=_here(), code=code, code_verifier=errand.extra["verifier"]
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    secret = {"client_id": settings.ADGANG_OIDC_CLIENT_ID, "client_secret": settings.ADGANG_OIDC_CLIENT_SECRET}
    if there.takes_basic:
        pair = ":".join(quote_plus(part) for part in secret.values())  # RFC 6749, §2.3.1
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        body = f"{body}&{urlencode(secret)}"
    said = provider.answer(there.token_endpoint, body=body.encode(), headers=headers)
    if said.status >= 500:
        raise OidcFailed("identity.unreachable", why=f"token endpoint: status {said.status}")
    token = provider.read(said)
    if said.status != 200:
        error = str(token.get("error", said.status))[:60]
        raise OidcFailed("identity.provider_refused", why=error, error=error)
    return token


def _check_level(claims: dict[str, Any]) -> None:
    """Refuse a login that is not secure enough. The level counts only where the provider signed it."""
    claim = settings.ADGANG_OIDC_LEVEL_CLAIM
    if claim and claims.get(claim) not in settings.ADGANG_OIDC_LEVELS:
        raise OidcFailed("identity.level", why=f"{claim} is {str(claims.get(claim))[:100]!r}")


def _completed(there: Provider, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
    """Return the claims with those that the provider tells only when asked for them."""
    needed = {settings.ADGANG_OIDC_SUBJECT_CLAIM, settings.ADGANG_OIDC_CVR_CLAIM} - {""}
    if needed <= claims.keys() or not there.userinfo_endpoint:
        return claims
    if not BEARER.fullmatch(access_token):
        raise OidcFailed("identity.untrusted", why="no usable access token")
    said = provider.answer(there.userinfo_endpoint, headers={"Authorization": f"Bearer {access_token}"})
    if said.status != 200:
        raise OidcFailed("identity.unreachable", why=f"user info: status {said.status}")
    more = provider.read(said)
    if more.get("sub") != claims["sub"]:  # OpenID Connect Core 1.0, §5.3.2
        raise OidcFailed("identity.untrusted", why="user info of somebody else")
    return more | claims


def _shown(claims: dict[str, Any]) -> Shown:
    subject, cvr = claims.get(settings.ADGANG_OIDC_SUBJECT_CLAIM), ""
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST:
        raise OidcFailed("identity.untrusted", why=f"no usable {settings.ADGANG_OIDC_SUBJECT_CLAIM}")
    if claim := settings.ADGANG_OIDC_CVR_CLAIM:
        cvr = digits(str(claims.get(claim, "")))
        if len(cvr) != 8 or not (cvr.isascii() and cvr.isdigit()):
            raise OidcFailed("identity.no_cvr", why=f"{claim} is no CVR number")
    # Who changes employer is somebody else here, even where the provider keeps the account.
    return Shown(method=METHOD, issuer=f"{settings.ADGANG_OIDC_ISSUER} {cvr}".strip(), subject=subject, cvr=cvr)
