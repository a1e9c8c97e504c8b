"""Signing in at a real SAML identity provider (pysaml2), and everything that must let nobody in."""

import base64
import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from organisations.models import Event, SignIn, SignInIdentity
from tests.factories.organisations import Role, client_for, grant, organisation
from tests.organisations.pages import text
from tests.organisations.saml.conftest import OUR_CVR, UUID, answer, bound, came_back, posted

pytestmark = pytest.mark.django_db
UNTRUSTED = "Svaret fra MitID Erhverv kunne ikke godkendes"


def test_a_bound_identity_opens_the_account_for_its_organisation_alone(installed, kim) -> None:
    grant(role=Role.READER, organisation=organisation(cvr_number="87654321"), user=kim)
    bound(kim, installed)
    client = Client()
    assert came_back(client, answer(client, "kim")).url == "/mig/"
    assert client.get(f"/o/{OUR_CVR}/myndighed/").status_code == 200
    assert client.get("/o/87654321/myndighed/").status_code == 404
    assert json.loads(Event.objects.filter(tag="SIGNED_IN").first().payload)["after"] == {"method": "SAML"}
    assert SignIn.objects.get().method == "SAML"
    assert f"MitID Erhverv {UUID}" in text(client.get("/mig/login/"))


def test_a_person_connects_it_after_a_fresh_proof(installed, kim) -> None:
    client = client_for(kim)
    response = came_back(client, answer(client, "kim", "bind"))
    assert response.url == "/mig/login/forbind/"
    assert client.get(response.url).url.startswith("/mig/login/bekraeft/?next=")
    client.post("/mig/login/bekraeft/", {"password": "korrekt hest batteri"})
    assert client.post(response.url).url == "/mig/login/"
    identity = SignInIdentity.objects.get()
    assert (identity.user, identity.method, identity.subject, identity.cvr) == (kim, "SAML", UUID, OUR_CVR)


TOO_LOW = "Login hos MitID Erhverv var ikke sikkert nok"
NOT_OF_WORK = "MitID Erhverv oplyste ikke, hvilken organisation"
UNBOUND = "Ingen her har forbundet dette login med sin konto"
# Who logs in over there → what they are told, and what stands in the log.
REFUSED = {
    "unsigned": (UNTRUSTED, "not signed"),
    "in clear": (UNTRUSTED, "not encrypted"),
    "in old cipher": (UNTRUSTED, "right cipher"),
    "for another": (UNTRUSTED, "not a valid audience"),
    "sent to another": (UNTRUSTED, "right destination"),
    "to another request": (UNTRUSTED, "answer to another request"),
    "low": (TOO_LOW, "level is 'Low'"),
    "levelless": (TOO_LOW, "level is ''"),
    "private": (NOT_OF_WORK, "no CVR number"),
    "nameless": (NOT_OF_WORK, "no identity of an employee"),
    "elsewhere": (UNBOUND, ""),
    "else": (UNBOUND, ""),
    "breaks off": ("Login hos MitID Erhverv blev afbrudt", "AuthnFailed"),
    "is refused": ("MitID Erhverv afviste login (NoAuthnContext)", "NoAuthnContext"),
}


@pytest.mark.parametrize(("person", "told"), REFUSED.items(), ids=REFUSED)
def test_who_is_not_let_in_is_told_why(installed, kim, caplog, person, told) -> None:
    bound(kim, installed)
    client = Client()
    response = came_back(client, answer(client, person))
    assert response.status_code == 403
    assert told[0] in text(response)
    assert told[1] in caplog.text
    assert "_auth_user_id" not in client.session


def test_the_operator_may_demand_more(installed, kim, settings) -> None:
    bound(kim, installed)
    settings.ADGANG_SAML_LEVEL = "High"
    client = Client()
    assert "ikke sikkert nok" in text(came_back(client, answer(client, "kim")))
    assert came_back(client, answer(client, "high")).status_code == 302


def test_an_answer_serves_once_and_its_own_session(installed, kim) -> None:
    bound(kim, installed)
    client = Client()
    form = answer(client, "kim")
    back = posted(form).url
    assert "Login blev ikke begyndt i denne browser" in text(Client().get(back))
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 403
    # The same answer once more, for a login that its thief began.
    thief = Client()
    begun = answer(thief, "low") | {"SAMLResponse": form["SAMLResponse"]}
    assert UNTRUSTED in text(came_back(thief, begun))
    # An answer that nobody has used yet, caught on its way, for another's login.
    caught = answer(Client(), "kim")["SAMLResponse"]
    begun = answer(thief, "low") | {"SAMLResponse": caught}
    assert UNTRUSTED in text(came_back(thief, begun))
    assert "_auth_user_id" not in thief.session


def test_an_answer_ends(installed, kim) -> None:
    bound(kim, installed)
    client = Client()
    form = answer(client, "kim")
    with freeze_time(timezone.now() + dt.timedelta(minutes=6)):
        assert UNTRUSTED in text(came_back(client, form))
    client = Client()
    form = answer(client, "kim")
    with freeze_time(timezone.now() - dt.timedelta(minutes=6)):
        assert UNTRUSTED in text(came_back(client, form))


def changed(form: dict[str, str], old: bytes, new: bytes) -> dict[str, str]:
    """Return the form with something else in the response."""
    xml = base64.b64decode(form["SAMLResponse"])
    assert old in xml
    return form | {"SAMLResponse": base64.b64encode(xml.replace(old, new)).decode()}


def test_an_answer_that_was_changed_is_refused(installed, kim) -> None:
    bound(kim, installed)
    client = Client()
    form = answer(client, "in clear")
    assert UNTRUSTED in text(came_back(client, changed(form, b">12345678<", b">87654321<")))


def test_a_forged_answer_of_somebody_with_another_key_is_refused(installed, kim, settings) -> None:
    from tests.servers.saml_idp import key_pair

    bound(kim, installed)
    client = Client()
    form = answer(client, "kim")
    ours, other = installed["ADGANG_SAML_IDP_METADATA"], key_pair("idp")[0]
    believed = ours.partition("X509Certificate>")[2].partition("<")[0]
    settings.ADGANG_SAML_IDP_METADATA = ours.replace(believed, "".join(other.splitlines()[1:-1]))
    assert UNTRUSTED in text(came_back(client, form))


@pytest.mark.parametrize("response", ["", "æ", "AAAA", base64.b64encode(b"<a>").decode(), "A" * 300_000])
def test_rubbish_is_refused(installed, response) -> None:
    client = Client()
    form = answer(client, "low")
    assert UNTRUSTED in text(came_back(client, form | {"SAMLResponse": response}))
    assert posted({}).status_code == 303
    assert Client().get(reverse("saml_acs")).status_code == 405


def test_proving_anew_needs_a_login_of_just_now(installed, kim) -> None:
    bound(kim, installed)
    client = client_for(kim)
    response = came_back(client, answer(client, "of an hour ago", "prove"))
    assert "MitID Erhverv bad dig ikke om at vise igen" in text(response)
    assert came_back(client, answer(client, "kim", "prove")).url == "/mig/"
    assert "proven_at" in client.session
    assert came_back(client, answer(client, "of an hour ago")).status_code == 302
