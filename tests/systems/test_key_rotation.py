"""Rotation of a system's SSH key with an overlap (`system_ssh_key`, `system_ssh_key_retire`, …)."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from adgang.demo.equipping import new_public_key
from systems import key_rotation, tasks
from systems.models import Protocol, System
from systems.subjects import subject_of
from tests.factories import certificates
from tests.factories.organisations import client_for
from tests.factories.systems import reread, system
from tests.servers.ssh import ssh_server
from tests.systems.checks import carry_out, codes, status
from tests.systems.logged import changed, tags
from tests.systems.people import CHANGE, everybody, owner_client

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def one() -> System:
    made = system(protocol=Protocol.SFTP, ssh_username="digitalpost", active=True)
    made.ssh_key = certificates.ssh_key(organisation=made.organisation)
    made.save()
    return reread(made)


def url(one: System, name: str = "system_ssh_key") -> str:
    return reverse(name, args=[one.organisation.cvr_number, one.pk])


def upload(one: System, key: bytes, **answers):
    sent = {"version": reread(one).version, "text": key.decode(), "place": "beside", **answers}
    return owner_client(one).post(url(one), sent, follow=True)


def test_a_next_key_counts_beside_the_present_one_until_that_is_retired_by_hand(one):
    assert "gælder ved siden af den nuværende" in upload(one, new_public_key("ny")).content.decode()
    both = reread(one)
    assert both.ssh_key == one.ssh_key
    assert both.next_ssh_key.comment == "ny"
    page = owner_client(one).get(url(one, "system")).content.decode()
    assert both.ssh_key.fingerprint in page
    assert both.next_ssh_key.fingerprint in page
    client = owner_client(one)
    assert both.ssh_key.fingerprint in client.get(url(one, "system_ssh_key_retire")).content.decode()
    client.post(url(one, "system_ssh_key_retire"), {"version": 1})
    assert reread(one).next_ssh_key is not None  # somebody changed it since
    client.post(url(one, "system_ssh_key_retire"), {"version": both.version})
    alone = reread(one)
    assert (alone.ssh_key, alone.next_ssh_key) == (both.next_ssh_key, None)
    assert tags(one.organisation)[-1] == "SSH_KEY_RETIRED"
    assert changed(one.organisation, "SSH_KEY_RETIRED")["ssh_key"] == (str(one.ssh_key), str(alone.ssh_key))


def test_it_retires_on_its_date_once(one):
    later = timezone.localtime(timezone.now() + 2 * DAY).strftime("%d-%m-%Y %H.%M")
    upload(one, new_public_key("ny"), until=later)
    assert reread(one).ssh_key_until is not None
    tasks.bring_into_force()
    assert reread(one).next_ssh_key is not None
    caller = tasks.Caller.task("retire_keys")
    assert key_rotation.retire_due(caller=caller, at=timezone.now() + 3 * DAY) == 1
    assert key_rotation.retire_due(caller=caller, at=timezone.now() + 3 * DAY) == 0
    assert reread(one).ssh_key.comment == "ny"
    assert reread(one).ssh_key_until is None


def test_the_present_key_a_past_date_and_a_private_key_are_refused(one):
    assert "Det er den nøgle, systemet har i forvejen" in upload(one, one.ssh_key.line.encode()).content.decode()
    assert upload(one, new_public_key("ny"), until="01-01-2020").context["form"].errors["until"]
    secret = b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaGhlbW1lbGln\n-----END OPENSSH PRIVATE KEY-----\n"
    assert "b3BlbnNzaGhlbW1lbGln" not in upload(one, secret).content.decode()
    assert reread(one).version == 1
    assert one.organisation.ssh_keys.count() == 1


def test_at_once_instead_as_before(one):
    upload(one, new_public_key("beside"))
    upload(one, new_public_key("alone"), place="instead")
    assert (reread(one).ssh_key.comment, reread(one).next_ssh_key) == ("alone", None)


def test_giving_up_the_next_key_and_removing_the_present_one(one):
    upload(one, new_public_key("ny"))
    client = owner_client(one)
    client.post(url(one, "system_next_ssh_key_remove"), {"version": reread(one).version})
    assert (reread(one).ssh_key, reread(one).next_ssh_key) == (one.ssh_key, None)
    assert client.get(url(one, "system_ssh_key_retire")).status_code == 302
    upload(one, new_public_key("ny"))
    assert "Den næste nøgle tager over" in client.get(url(one, "system_ssh_key_remove")).content.decode()
    client.post(url(one, "system_ssh_key_remove"), {"version": reread(one).version})
    assert (reread(one).ssh_key.comment, reread(one).next_ssh_key) == ("ny", None)


def test_who_may_retire_it(one):
    upload(one, new_public_key("ny"))
    people = everybody(one)
    statuses = {
        who: client_for(user).get(url(one, "system_ssh_key_retire")).status_code for who, user in people.items()
    }
    assert statuses == CHANGE


def test_systems_with_the_same_key_are_named_on_the_page(one):
    twin = system(organisation=one.organisation, protocol=Protocol.SFTP, ssh_key=one.ssh_key, name="Tvillingen")
    page = owner_client(one).get(url(one, "system")).content.decode()
    assert "Flere systemer bruger samme nøgle" in page
    assert reverse("system", args=[one.organisation.cvr_number, twin.pk]) in page


@pytest.mark.parametrize(
    ("known", "said", "refused"),
    [
        ("present", "sftp.next_key_not_accepted", False),
        ("next", "sftp.only_next_key_accepted", False),
        ("both", "sftp.next_key_accepted", False),
        ("neither", "sftp.key_not_accepted", True),
    ],
)
def test_a_check_says_which_of_the_keys_the_server_accepts(one, known, said, refused, settings, require_service):
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    upload(one, new_public_key("ny"))
    both = reread(one)
    keys = {"present": [both.ssh_key], "next": [both.next_ssh_key], "both": [both.ssh_key, both.next_ssh_key]}
    lines = [key.line for key in keys.get(known, [])] or [new_public_key("fremmed").decode().strip()]
    with ssh_server(require_service, authorized=lines) as server:
        both.sftp_host, both.sftp_port, both.ssh_username = "127.0.0.1", server.port, server.username
        both.pinned_host_key = server.host_key
        steps = carry_out(subject_of(both, at=timezone.now()))
    assert said in codes(steps, "KEY_ACCEPTED")
    assert (status(steps, "KEY_ACCEPTED") == "failed") is refused
