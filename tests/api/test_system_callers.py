"""Systems that call: their token, their certificate handed on by the proxy, and the little that they may do."""

import base64
from urllib.parse import quote

import pytest
from django.utils import timezone

from adgang.lib.secrets import new_token, token_hash
from certificates.uploading import receive_certificate
from organisations.callers import Caller as Who
from systems.models import ApiToken, Protocol
from tests.api.calling import Caller
from tests.factories.certificates import install_anchors, issued
from tests.factories.contacts import point
from tests.factories.organisations import organisation
from tests.factories.systems import system

pytestmark = pytest.mark.django_db

SECRET = "proxyens hemmelighed"


@pytest.fixture
def own():
    return organisation(legal_contact_name="Bo Prøvesen")


@pytest.fixture
def proxied(settings):
    settings.ADGANG_TRUSTED_PROXIES = ["127.0.0.1"]
    settings.ADGANG_PROXY_SECRET = SECRET


@pytest.fixture
def made(own):
    """A system with a token and a certificate in force; its caller, and the certificate's header."""
    install_anchors()
    one = issued(cvr=own.cvr_number)
    received = receive_certificate(caller=Who.command("test"), organisation=own, data=one.pem, at=timezone.now())
    registered = system(organisation=own, protocol=Protocol.REST_PULL, certificate=received.certificate)
    token = new_token()
    ApiToken.objects.create(system=registered, prefix=token[:6], hash=token_hash(token), created=timezone.now())
    caller = Caller("Basic " + base64.b64encode(f"{registered.pk}:{token}".encode()).decode())
    caller.headers |= {"X-Adgang-Client-Cert": quote(one.pem.decode()), "X-Adgang-Proxy-Secret": SECRET}
    return registered, caller


def test_a_system_reads_itself_and_its_organisation(made, own, proxied):
    registered, caller = made
    assert caller.get(f"organisations/{own.pk}/systems/{registered.pk}").json()["name"] == registered.name
    assert caller.get(f"organisations/{own.pk}").json()["legalContact"]["name"] == "Bo Prøvesen"
    found = caller.get(f"organisations/{own.pk}/systems/").json()["systems"]
    assert [one["id"] for one in found] == [str(registered.pk)]
    registered.health.refresh_from_db()
    assert registered.health.last_seen is not None


def test_a_system_sees_the_points_that_anybody_sees(made, own, proxied):
    _registered, caller = made
    seen, _hidden = point(organisation=own, internal_description="Kun os"), point(organisation=own, visible=False)
    found = caller.get(f"organisations/{own.pk}/contact-points/").json()["contactPoints"]
    assert [one["id"] for one in found] == [str(seen.pk)]
    assert "internalDescription" not in found[0]


def test_a_system_may_do_nothing_else(made, own, proxied):
    registered, caller = made
    other = system(organisation=own)
    path = f"organisations/{own.pk}/systems/"
    assert caller.get(f"{path}{other.pk}").status_code in (403, 404)
    assert caller.call("DELETE", f"{path}{registered.pk}", version=1).status_code == 403
    assert caller.empty(f"{path}{registered.pk}/renewapitoken").status_code == 403
    assert caller.send("PUT", f"organisations/{own.pk}", {}, version=1).status_code == 403
    assert caller.send("POST", f"organisations/{own.pk}/contact-groups/", {"name": "Ny"}).status_code == 403
    assert caller.get(f"organisations/{organisation().pk}/systems/").status_code == 404


def test_without_its_certificate_a_token_opens_nothing(made, own, settings, proxied):
    _registered, caller = made
    whole = dict(caller.headers)
    for missing in ("X-Adgang-Client-Cert", "X-Adgang-Proxy-Secret"):
        caller.headers = {name: value for name, value in whole.items() if name != missing}
        assert caller.get(f"organisations/{own.pk}").status_code == 401
    caller.headers = whole | {"X-Adgang-Client-Cert": quote(issued(cvr=own.cvr_number).pem.decode())}
    response = caller.get(f"organisations/{own.pk}")
    assert (response.status_code, response.json()["code"]) == (401, "call.certificate_other")
    caller.headers = whole
    settings.ADGANG_TRUSTED_PROXIES = []
    assert caller.get(f"organisations/{own.pk}").status_code == 401
