"""The ID token: believed only when everything about it is as it must be (OpenID Connect Core 1.0, §3.1.3.7)."""

import datetime as dt
from typing import Any

from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from organisations.oidc import provider
from organisations.oidc.provider import OidcFailed
from organisations.oidc.soundness import ALGORITHMS

LEEWAY = 60  # seconds that two clocks may differ
LONGEST = 16 * 1024


def allowed() -> list[str]:
    """Return the signature algorithms that the operator accepts, of those that may be accepted at all."""
    return [one for one in settings.ADGANG_OIDC_ALGORITHMS if one in ALGORITHMS]


def verified(
    token: object, *, nonce: str, access_token: str, at: dt.datetime, begun: dt.datetime | None = None
) -> dict[str, Any]:
    """Return the claims of a token that is genuine, meant for us, in force, and the answer to `nonce`.

    With `begun` the person must have shown since then who they are. Raises `OidcFailed`.
    """
    if not isinstance(token, str) or len(token) > LONGEST:
        raise OidcFailed("identity.untrusted", why="no ID token")
    try:
        signed = _signed(token)
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            options={
                "iss": {"essential": True, "value": settings.ADGANG_OIDC_ISSUER},
                "aud": {"essential": True, "value": settings.ADGANG_OIDC_CLIENT_ID},
                "nonce": {"essential": True, "value": nonce},
            },
            params={"nonce": nonce, "client_id": settings.ADGANG_OIDC_CLIENT_ID, "access_token": access_token},
        )
        claims.validate(int(at.timestamp()), LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise OidcFailed("identity.untrusted", why=f"ID token: {error}") from None
    if begun is not None and not _is_since(claims.get("auth_time"), begun):
        raise OidcFailed("identity.stale", why="auth_time is missing or too old")
    return dict(claims)


def _signed(token: str) -> jwt.Token:
    """Return the token when one of the provider's keys signed it. Raises `JoseError`, `ValueError`, `OidcFailed`."""
    try:
        return _by(token, provider.keys())
    except JoseError as error:
        if jws.extract_compact(token.encode()).headers().get("alg") not in allowed():
            raise error
        return _by(token, provider.keys(anew=True))


def _by(token: str, keys: list[dict[str, Any]]) -> jwt.Token:
    named = jws.extract_compact(token.encode()).headers().get("kid")
    refusal: JoseError = JoseError("no key of the provider's fits")
    for key in keys:
        if key.get("use", "sig") != "sig" or key.get("kty") not in ("RSA", "EC") or (named and key.get("kid") != named):
            continue
        try:
            return jwt.decode(token, JWKRegistry.import_key(key), algorithms=allowed())
        except (JoseError, ValueError) as error:
            refusal = error if isinstance(error, JoseError) else JoseError(str(error))
    raise refusal


def _is_since(moment: object, begun: dt.datetime) -> bool:
    return isinstance(moment, int | float) and moment >= begun.timestamp() - LEEWAY
