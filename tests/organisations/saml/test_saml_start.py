"""Leaving for the SAML identity provider, and what it must know of the portal."""

import zlib
from base64 import b64decode

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from organisations.saml.toolkit import CVR, LEVEL, PERSON
from tests.organisations.saml.conftest import HERE, install, query_of
from tests.servers.saml_idp import key_pair

pytestmark = pytest.mark.django_db
NAMES = {"p": "urn:oasis:names:tc:SAML:2.0:protocol", "a": "urn:oasis:names:tc:SAML:2.0:assertion"}
MD = {"m": "urn:oasis:names:tc:SAML:2.0:metadata"}


def request_of(client: Client, purpose: str = "sign_in"):
    """Return what a start sends: the query and the request in it."""
    query = query_of(client.get("/log-ind/saml/", {"purpose": purpose}).url)
    return query, etree.fromstring(zlib.decompress(b64decode(query["SAMLRequest"]), -15))


def test_it_sends_a_signed_request_that_asks_for_an_employee_of_the_level(installed, settings) -> None:
    settings.ADGANG_SAML_LEVEL = "High"
    client = Client()
    query, request = request_of(client)
    assert query["SigAlg"] == "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    assert query["Signature"]
    kept = client.session["errand"]
    assert (query["RelayState"], request.get("ID")) == (kept["state"], kept["extra"]["request_id"])
    asked = request.find("p:RequestedAuthnContext", NAMES)
    assert (asked.get("Comparison"), [one.text for one in asked]) == (
        "minimum",
        [f"{LEVEL}/High", "https://data.gov.dk/eid/Professional"],
    )
    assert request.find("a:Issuer", NAMES).text == f"{HERE}/log-ind/saml/metadata/"
    assert request.get("ForceAuthn") is None


def test_pages_offer_it_only_where_it_is_set_up(installed, settings) -> None:
    assert "/log-ind/saml/?purpose=sign_in&amp;next=%2Fmig%2F" in Client().get("/log-ind/?next=/mig/").content.decode()
    settings.ADGANG_SAML_IDP_METADATA = ""
    for path in ("/log-ind/saml/", "/log-ind/saml/retur/", "/log-ud/saml/", "/log-ud/saml/svar/"):
        assert Client().get(path).url == "/log-ind/"
    assert Client().post("/log-ind/saml/svar/").url == "/log-ind/"
    assert "MitID Erhverv" not in Client().get("/log-ind/").content.decode()


def test_the_metadata_says_what_we_demand_before_the_provider_is_known(settings) -> None:
    assert Client().get(reverse("saml_metadata")).status_code == 404
    certificate, key = key_pair("adgang")
    told = {"ADGANG_BASE_URL": HERE, "ADGANG_SAML_CERTIFICATE": certificate, "ADGANG_SAML_KEY": key}
    install(settings, told | {"ADGANG_SAML_ENTITY_ID": "https://saml.adgang.test"})
    response = Client().get("/log-ind/saml/metadata/")
    assert response["Content-Type"] == "application/samlmetadata+xml"
    assert b"PRIVATE" not in response.content
    document = etree.fromstring(response.content)
    assert document.get("entityID") == "https://saml.adgang.test"
    ours = document.find("m:SPSSODescriptor", MD)
    assert (ours.get("AuthnRequestsSigned"), ours.get("WantAssertionsSigned")) == ("true", "true")
    assert [one.get("use") for one in ours.iterfind("m:KeyDescriptor", MD)] == ["signing", "encryption"]
    assert ours.find("m:AssertionConsumerService", MD).get("Location") == f"{HERE}/log-ind/saml/svar/"
    assert [one.get("Name") for one in ours.iterfind(".//m:RequestedAttribute", MD)] == [LEVEL, PERSON, CVR]
