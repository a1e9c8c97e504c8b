"""Single logout: the person logs out at the provider too, or the provider says that they did."""

from typing import Any

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.logout_request import OneLogin_Saml2_Logout_Request

from organisations.saml.responses import Assertion
from organisations.saml.toolkit import request_data, toolkit


def note(assertion: Assertion) -> dict[str, str] | None:
    """Return what a session must remember in order to log out at the provider; None where it offers no way."""
    if not toolkit().get_idp_slo_url():
        return None
    return {
        "url_name": "saml_leave",
        "name_id": assertion.name_id,
        "name_format": assertion.name_format,
        "name_qualifier": assertion.name_qualifier,
        "our_qualifier": assertion.our_qualifier,
        "session_index": assertion.session_index,
    }


def departure(noted: dict[str, str], *, state: str) -> tuple[str, str]:
    """Return the address at the provider that ends the person's session there, and the id of the signed request."""
    asking = OneLogin_Saml2_Auth(request_data("saml_leave", get_data={}), toolkit())
    address: str = asking.logout(
        return_to=state,
        name_id=noted["name_id"],
        session_index=noted["session_index"] or None,
        nq=noted["name_qualifier"] or None,
        name_id_format=noted["name_format"] or None,
        spnq=noted["our_qualifier"] or None,
    )
    return address, asking.get_last_request_id()


def confirmed(said: dict[str, str], query: str, *, request_id: str) -> bool:
    """Say whether the provider's signed answer to our request is that the session there has ended."""
    asking = _heard(said, query)
    try:
        asking.process_slo(keep_local_session=True, request_id=request_id)
    except Exception:  # whatever a hostile document breaks in the library, it confirms nothing
        return False
    return not asking.get_errors()


def asked(said: dict[str, str], query: str) -> tuple[str, str] | None:
    """Return whom the provider's signed request says to have logged out (a name ID), and where to answer.

    None when the request is refused.
    """
    asking = _heard(said, query)
    try:
        answer = asking.process_slo(keep_local_session=True)
        name_id: Any = OneLogin_Saml2_Logout_Request.get_nameid(asking.get_last_request_xml())
    except Exception:  # as above
        return None
    return None if asking.get_errors() or not answer else (str(name_id), str(answer))


def _heard(said: dict[str, str], query: str) -> OneLogin_Saml2_Auth:
    # Signed is the query as it was sent: providers escape it differently from us.
    heard = request_data("saml_slo", get_data=said, query_string=query, validate_signature_from_qs=True)
    return OneLogin_Saml2_Auth(heard, toolkit(signed_messages=True))
