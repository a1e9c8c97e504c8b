"""Keys are changed one process after the other: what one makes, the others take, at every step."""

import base64
import itertools
import os

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from adgang.lib import secrets
from organisations.models import Session
from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db
OLD, NEW = (base64.urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))


def test_a_session_survives_the_change_and_moves_to_the_new_key(settings):
    settings.SECRET_KEY = OLD
    client = client_for(user())
    signed = signing.dumps({"a": 1}, salt="carried")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert signing.loads(signed, salt="carried") == {"a": 1}
    assert client.get(reverse("me")).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(reverse("me")).status_code == 200
    assert Session.objects.filter(session_key=client.cookies[settings.SESSION_COOKIE_NAME].value).exists()


def test_processes_before_and_after_their_restart_share_a_session(settings):
    settings.SECRET_KEY = OLD
    client = client_for(user())
    for now, others in ((OLD, [NEW]), (OLD, []), (OLD, [NEW]), (NEW, [OLD]), (OLD, [NEW]), (NEW, [OLD]), (NEW, [])):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = now, others
        assert client.get(reverse("me")).status_code == 200


def test_without_the_earlier_key_everybody_signs_in_again(settings):
    settings.SECRET_KEY = OLD
    client = client_for(user())
    settings.SECRET_KEY = NEW
    assert client.get(reverse("me")).status_code == 302


def test_field_keys_in_the_order_of_the_steps(settings):
    steps = [[OLD], [OLD, NEW], [NEW, OLD]]
    for running, restarted in itertools.pairwise(steps):
        for writer, reader in ((running, restarted), (restarted, running)):
            settings.ADGANG_FIELD_KEYS = writer
            kept = secrets.encrypt(b"secret", row="blob:1")
            settings.ADGANG_FIELD_KEYS = reader
            assert secrets.decrypt(kept, row="blob:1") == b"secret"


def test_a_new_field_key_put_first_at_once_is_not_known_to_processes_that_still_run(settings):
    settings.ADGANG_FIELD_KEYS = [NEW, OLD]
    kept = secrets.encrypt(b"secret", row="blob:1")
    settings.ADGANG_FIELD_KEYS = [OLD]
    with pytest.raises(secrets.UnreadableSecret):
        secrets.decrypt(kept, row="blob:1")


def test_both_proxy_secrets_are_believed_during_the_change(settings):
    from adgang.lib.client_certificates import _vouched_for

    settings.ADGANG_TRUSTED_PROXIES = ["127.0.0.1"]
    for configured, shown, believed in (
        (f"{OLD},{NEW}", OLD, True),
        (f"{OLD},{NEW}", NEW, True),
        (NEW, OLD, False),
        (f"{OLD},{NEW}", f"{OLD},{NEW}", False),
        ("", "", False),
        (",", "", False),
    ):
        settings.ADGANG_PROXY_SECRET = configured
        request = Client().get("/healthz", headers={"X-Adgang-Proxy-Secret": shown}).wsgi_request
        request.META["HTTP_X_ADGANG_PROXY_SECRET"] = shown
        assert _vouched_for(request) is believed
