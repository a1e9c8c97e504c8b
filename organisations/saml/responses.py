"""The provider's answer: believed only when everything about it is as it must be.

python3-saml checks signature, issuer, times and schema, but lets pass what is not there. What OIOSAML 3 demands to be
there – an audience, a recipient, an end, the request it answers, modern encryption – is demanded here.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from onelogin.saml2.response import OneLogin_Saml2_Response

from adgang.lib.failures import Failure
from organisations.saml.toolkit import our_name, request_data, toolkit
from organisations.throttling import allow

LONGEST = 256 * 1024  # letters of base64
KEPT = dt.timedelta(hours=1)  # an assertion holds for minutes; as long it is remembered that it was used
CIPHERS = frozenset(
    [f"http://www.w3.org/2001/04/xmlenc#aes{bits}-cbc" for bits in (128, 192, 256)]
    + [f"http://www.w3.org/2009/xmlenc11#aes{bits}-gcm" for bits in (128, 192, 256)]
)
BROKEN_OFF = ("AuthnFailed", "RequestDenied")


class SamlFailed(Failure):
    """Nobody is let in. `code` is one of the findings `identity.…`; `params` holds `why`, for the log alone."""


@dataclass(frozen=True, kw_only=True)
class Assertion:
    """What the provider vouches for. `request_id` is that of the request it answers, `instant` when the person proved
    to the provider who they are; the rest of a session's name is what logging out there needs.
    """

    issuer: str
    attributes: dict[str, list[str]]
    request_id: str
    instant: str
    name_id: str
    name_format: str
    name_qualifier: str
    our_qualifier: str
    session_index: str


def verified(posted: str, *, at: dt.datetime) -> Assertion:
    """Return what a response vouches for: signed, encrypted for us, in force, and not used before. Raises `SamlFailed`.

    Whether somebody here asked for it is not known yet: the browser sent no cookie of ours along.
    """
    if not posted or len(posted) > LONGEST:
        raise SamlFailed("identity.untrusted", why="no response, or an endless one")
    try:
        response = _opened(posted)
        _check_status(response)
        response.is_valid(request_data("saml_acs"), raise_exceptions=True)
        assertion = _read(response)
    except SamlFailed:
        raise
    except Exception as error:  # a hostile document may fail anywhere in the library, and lets nobody in wherever
        raise SamlFailed("identity.untrusted", why=f"response: {str(error)[:200]}") from None
    if not allow(f"saml:{assertion.issuer}:{response.get_assertion_id()}", limit=1, window=KEPT, at=at):
        raise SamlFailed("identity.untrusted", why="the assertion was used before")
    return assertion


def _opened(posted: str) -> OneLogin_Saml2_Response:
    """Return the response, decrypted with our key, or with the other one while the two are being exchanged."""
    try:
        return OneLogin_Saml2_Response(toolkit(), posted)
    except Exception:
        if not settings.ADGANG_SAML_OTHER_KEY:
            raise
        return OneLogin_Saml2_Response(toolkit(other=True), posted)


def _check_status(response: Any) -> None:
    """Refuse an answer that is none. It need not be signed: nobody is let in by it."""
    codes = response.document.xpath("/*/*[local-name()='Status']//*[local-name()='StatusCode']/@Value")
    last = str(codes[-1]).rpartition(":")[2] if codes else "none"
    if last in BROKEN_OFF:
        raise SamlFailed("identity.broken_off", why=last)
    if last != "Success":
        code = "".join(letter for letter in last if letter.isascii() and letter.isalnum())[:60]
        raise SamlFailed("identity.provider_refused", why=code, error=code)


def _read(response: Any) -> Assertion:
    """Return what a valid response says, all of it from the assertion that is signed."""
    here = request_data("saml_acs")
    us = f"{'https' if here['https'] == 'on' else 'http'}://{here['http_host']}{here['script_name']}"
    _demand(response.get_audiences() == [our_name()], "audience")
    _demand(response.document.get("Destination", us) == us, "destination")
    _demand(_ciphers(response.document) <= CIPHERS, "cipher")
    conditions = response._query_assertion("/saml:Conditions")[0]
    _demand(bool(conditions.get("NotOnOrAfter")), "end")
    confirmations = response._query_assertion("/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData")
    _demand(len(confirmations) == 1, "one subject confirmation")
    confirmed = confirmations[0]
    _demand(confirmed.get("Recipient") == us, "recipient")
    _demand(bool(confirmed.get("NotOnOrAfter")), "end of the subject confirmation")
    _demand(bool(confirmed.get("InResponseTo")), "request")
    return Assertion(
        issuer=response._settings.get_idp_data()["entityId"],
        attributes=response.get_attributes(),
        request_id=confirmed.get("InResponseTo"),
        instant=response._query_assertion("/saml:AuthnStatement")[0].get("AuthnInstant", ""),
        name_id=response.get_nameid() or "",
        name_format=response.get_nameid_format() or "",
        name_qualifier=response.get_nameid_nq() or "",
        our_qualifier=response.get_nameid_spnq() or "",
        session_index=response.get_session_index() or "",
    )


def _ciphers(document: Any) -> set[str]:
    path = "//*[local-name()='EncryptedData']/*[local-name()='EncryptionMethod']/@Algorithm"
    return {str(found) for found in document.xpath(path)}


def _demand(is_met: bool, what: str) -> None:
    if not is_met:
        raise SamlFailed("identity.untrusted", why=f"response without the right {what}")


def is_since(instant: str, begun: dt.datetime, *, leeway: dt.timedelta = dt.timedelta(minutes=1)) -> bool:
    """Say whether a moment that the provider wrote is not before `begun`, but for what clocks may differ."""
    moment = parse_datetime(instant)
    return moment is not None and moment.tzinfo is not None and moment >= begun - leeway
