"""The API token: shown once, kept as a hash."""

import base64
import hashlib

import pytest
from django.utils import timezone

from adgang.lib.registered import StaleVersion
from organisations.callers import Caller
from organisations.models import Event
from systems import api_tokens
from systems.models import ApiToken, Protocol, System
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system
from tests.systems.logged import changed, tags

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")


def renew(one: System) -> str:
    return api_tokens.renew(caller=CALLER, system=one, version=one.version, at=timezone.now())


def test_only_the_hash_and_the_first_characters_are_kept():
    one = reread(system(protocol=Protocol.REST_PULL))
    token = renew(one)
    kept = ApiToken.objects.get(system=one)
    assert (kept.prefix, kept.hash) == (token[:6], hashlib.sha256(token.encode()).hexdigest())
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    assert reread(one).version == 2
    assert token not in "".join(Event.objects.values_list("payload", flat=True))
    assert changed(one.organisation, "API_TOKEN_RENEWED") == {"api_token": (None, token[:6])}


def test_renewing_ends_the_old_one_and_removes_the_certificate():
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    one = reread(system(organisation=org, protocol=Protocol.REST_PULL, certificate=certificate))
    first = renew(one)
    second = renew(reread(one))
    now = reread(one)
    assert first != second
    assert ApiToken.objects.count() == 1
    assert (now.certificate, now.token.removed_certificate, now.token.prefix) == (None, certificate, second[:6])
    assert tags(org) == ["API_TOKEN_RENEWED", "API_TOKEN_RENEWED"]


def test_a_stale_version_makes_no_token():
    one = reread(system(protocol=Protocol.REST_PULL))
    System.objects.filter(pk=one.pk).update(version=2)
    with pytest.raises(StaleVersion):
        renew(one)
    assert ApiToken.objects.count() == 0


def test_the_header():
    one = system()
    header = api_tokens.authorization(one, "abc")
    assert base64.b64decode(header.removeprefix("Basic ")).decode() == f"{one.pk}:abc"
