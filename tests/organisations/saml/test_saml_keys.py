"""The portal's SAML key is changed while the provider still uses the one before."""

import pytest
from django.test import Client

from organisations.saml.toolkit import our_metadata
from tests.organisations.saml.conftest import answer, bound, came_back
from tests.servers.saml_idp import key_pair

pytestmark = pytest.mark.django_db


def body(pem: str) -> str:
    return "".join(pem.split("-----")[2].split())


def test_both_certificates_stand_in_the_metadata_and_both_keys_read(installed, kim, settings) -> None:
    bound(kim, installed)
    before = settings.ADGANG_SAML_CERTIFICATE, settings.ADGANG_SAML_KEY
    after = key_pair("adgang")
    settings.ADGANG_SAML_OTHER_CERTIFICATE, settings.ADGANG_SAML_OTHER_KEY = after
    told = "".join(our_metadata().decode().split())
    assert body(before[0]) in told
    assert body(after[0]) in told
    client = Client()
    assert came_back(client, answer(client, "kim")).url == "/mig/"

    client = Client()
    asked = answer(client, "kim")
    settings.ADGANG_SAML_CERTIFICATE, settings.ADGANG_SAML_KEY = after
    settings.ADGANG_SAML_OTHER_CERTIFICATE, settings.ADGANG_SAML_OTHER_KEY = before
    assert came_back(client, asked).url == "/mig/"


def test_without_the_other_key_nobody_is_let_in(installed, kim, settings) -> None:
    bound(kim, installed)
    client = Client()
    asked = answer(client, "kim")
    settings.ADGANG_SAML_CERTIFICATE, settings.ADGANG_SAML_KEY = key_pair("adgang")
    came_back(client, asked)
    assert client.get("/mig/").status_code == 302
