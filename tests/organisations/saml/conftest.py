"""The installation set up for signing in with SAML, and the provider to do it at."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from organisations.models import SignInIdentity, User
from organisations.saml.toolkit import CVR, LEVEL, PERSON, our_metadata
from tests.factories.organisations import Role, organisation, user_with
from tests.servers.oidc_provider import Browser
from tests.servers.programs import free_port
from tests.servers.saml_idp import key_pair, saml_idp

HERE, OUR_CVR, UUID = "https://adgang.test", "12345678", "urn:uuid:0b2ee8c1-2cf8-4f0f-8d0b-1a2b3c4d5e6f"


def attributes(*, level: str = "Substantial", cvr: str = OUR_CVR, person: str = UUID, **more: str) -> dict[str, str]:
    """Return what NemLog-in tells of an employee, by the names of OIOSAML 3."""
    told = {LEVEL: level, CVR: cvr, PERSON: person} | more
    return {name: value for name, value in told.items() if value}


PEOPLE: dict[str, dict[str, Any]] = {
    "kim": {"attributes": attributes()},
    "high": {"attributes": attributes(level="High")},
    "low": {"attributes": attributes(level="Low")},
    "levelless": {"attributes": attributes(level="")},
    "private": {"attributes": attributes(cvr="", person="")},
    "nameless": {"attributes": attributes(person="")},
    "elsewhere": {"attributes": attributes(cvr="87654321")},
    "else": {"attributes": attributes(person="urn:uuid:11111111-2cf8-4f0f-8d0b-1a2b3c4d5e6f")},
    "unsigned": {"attributes": attributes(), "sign": False},
    "in clear": {"attributes": attributes(), "encrypt": False},
    "in old cipher": {"attributes": attributes(), "cipher": "3des"},
    "for another": {"attributes": attributes(), "audience": "https://other.example/metadata"},
    "sent to another": {"attributes": attributes(), "destination": f"{HERE}/log-ind/saml/svar/andre/"},
    "to another request": {"attributes": attributes(), "in_response_to": "_of-somebody-else"},
    "of an hour ago": {"attributes": attributes(), "minutes_ago": 60},
    "breaks off": {"status": "STATUS_AUTHN_FAILED"},
    "is refused": {"status": "STATUS_NO_AUTHN_CONTEXT"},
}


def install(settings: Any, told: dict[str, str]) -> None:
    """Set the installation up."""
    for name, value in told.items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def installation(
    require_packages: Callable[[str], Path], require_service: Callable[..., str]
) -> Iterator[dict[str, Any]]:
    """Run the provider; give the settings of an installation that knows it, and that it knows."""
    packages, xmlsec = require_packages("saml-idp"), require_service("xmlsec1")
    certificate, key = key_pair("adgang")
    told: dict[str, Any] = {
        "ADGANG_BASE_URL": HERE,
        "ALLOWED_HOSTS": ["*"],
        "ADGANG_SAML_CERTIFICATE": certificate,
        "ADGANG_SAML_KEY": key,
    }
    with override_settings(**told):
        ours = our_metadata().decode()
    others = ours.replace(f"{HERE}/log-ind/saml/metadata/", "https://other.example/metadata")
    askers = {"ours.xml": ours, "others.xml": others}
    with saml_idp(packages, xmlsec, port=free_port(), askers=askers, people=PEOPLE) as metadata:
        yield told | {"ADGANG_SAML_IDP_METADATA": metadata}


@pytest.fixture
def installed(installation: dict[str, Any], settings) -> dict[str, Any]:
    install(settings, installation)
    return installation


@pytest.fixture
def kim():
    return user_with(
        Role.READER, organisation=organisation(cvr_number=OUR_CVR), name="Kim Ejer", password="korrekt hest batteri"
    )


def bound(user: User, installation: dict[str, Any], *, subject: str = UUID, cvr: str = OUR_CVR) -> SignInIdentity:
    """Return the person's employee identity as a way to sign in."""
    issuer = installation["ADGANG_SAML_IDP_METADATA"].partition('entityID="')[2].partition('"')[0]
    return SignInIdentity.objects.create(user=user, method="SAML", issuer=f"{issuer} {cvr}", subject=subject, cvr=cvr)


def answer(client: Client, person: str, purpose: str = "sign_in") -> dict[str, str]:
    """Leave, log in over there, and return what the provider has the browser post."""
    browser = Browser(HERE)
    there, page = browser.open(client.get("/log-ind/saml/", {"purpose": purpose, "next": "/mig/"}).url)
    _, page = browser.submit(there, page, login=person)
    return browser.fields(page)


def posted(form: dict[str, str], **extra: Any) -> Any:
    """Post it as browsers do: from another site, with which no cookie of ours goes along, nor a token of our forms."""
    return Client(enforce_csrf_checks=True).post(reverse("saml_acs"), form, **extra)


def came_back(client: Client, form: dict[str, str]) -> Any:
    """Post the answer, and follow the browser to the page that knows its session."""
    response = posted(form)
    assert (response.status_code, response.cookies) == (303, {})
    return client.get(response.url)


def query_of(url: str) -> dict[str, str]:
    """Return the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
