"""Creating, changing, copying and deleting."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from adgang.lib.registered import StaleVersion
from organisations.callers import Caller
from organisations.models import Privilege
from systems import registering
from systems.models import AllowedIp, ApiToken, Protocol, System, SystemHealth
from tests.factories import certificates
from tests.factories.organisations import Role, organisation, user_with
from tests.factories.systems import reread, system
from tests.systems.logged import changed, payload, tags

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")


def unsaved(**fields) -> System:
    fields = {"name": "Post ind", "is_recipient": True, "service_protocol": "SMTP"} | fields
    return System(organisation=fields.pop("organisation", None) or organisation(), **fields)


def networks(of: System) -> list[str]:
    return [allowed.network for allowed in AllowedIp.objects.filter(system=of)]


def test_create():
    made = registering.create(caller=CALLER, system=unsaved(), networks=["192.0.2.1"], reason="Nyt fagsystem")
    kept = reread(made)
    assert (kept.name, kept.version, networks(kept)) == ("Post ind", 1, ["192.0.2.1"])
    assert kept.known_health is not None
    told = payload(kept.organisation, "SYSTEM_CREATED")
    assert (told["before"], told["after"]["name"], told["after"]["allowed_ips"]) == ({}, "Post ind", ["192.0.2.1"])
    assert (told["reason"], told["system"], told["actor_label"]) == ("Nyt fagsystem", str(kept.pk), "test")


def test_contacts_are_kept_outside_the_chain():
    made = registering.create(
        caller=CALLER, system=unsaved(technical_contact_name="Kim Prøvesen", technical_contact_email="kim@a.dk")
    )
    told = payload(made.organisation, "SYSTEM_CREATED")
    assert list(told["after"]["technical_contact_name"]) == ["digest"]
    assert list(told["after"]["technical_contact_email"]) == ["digest"]


def test_an_sftp_system_is_given_a_user_name():
    made = registering.create(caller=CALLER, system=unsaved(name="Børn & Unge – ESDH", service_protocol=Protocol.SFTP))
    assert re.fullmatch(r"boern-unge-esdh-[0-9a-f]{8}", made.ssh_username)
    own = registering.create(caller=CALLER, system=unsaved(service_protocol=Protocol.SFTP, ssh_username="post"))
    assert own.ssh_username == "post"
    assert re.fullmatch(r"system-[0-9a-f]{8}", registering.new_username("本"))


def test_what_is_wrong_is_refused_and_nothing_kept():
    org = organisation()
    with pytest.raises(ValidationError) as error:
        registering.create(caller=CALLER, system=unsaved(organisation=org, endpoint="http://a.dk"))
    assert set(error.value.error_dict) == {"endpoint"}
    assert (System.objects.count(), tags(org)) == (0, [])


def test_change():
    one = reread(system(name="Post ind", networks=("192.0.2.1", "192.0.2.2")))
    one.name, one.supplier = "Post", "Eksempel IT A/S"
    assert registering.change(caller=CALLER, system=one, version=1, networks=["192.0.2.2", "192.0.2.3"]) == []
    now = reread(one)
    assert (now.name, now.version, networks(now)) == ("Post", 2, ["192.0.2.2", "192.0.2.3"])
    assert changed(one.organisation, "SYSTEM_CHANGED") == {
        "name": ("Post ind", "Post"),
        "supplier": ("", "Eksempel IT A/S"),
        "allowed_ips": (["192.0.2.1", "192.0.2.2"], ["192.0.2.2", "192.0.2.3"]),
    }


def test_no_change_is_no_event():
    one = reread(system(networks=("192.0.2.1",)))
    assert registering.change(caller=CALLER, system=one, version=1, networks=["192.0.2.1"]) == []
    assert (reread(one).version, tags(one.organisation)) == (1, [])


def test_a_lost_race_changes_nothing():
    one = reread(system(networks=("192.0.2.1",)))
    other = reread(one)
    one.name = "Først"
    registering.change(caller=CALLER, system=one, version=1)
    other.name = "Sidst"
    with pytest.raises(StaleVersion) as stale:
        registering.change(caller=CALLER, system=other, version=1, networks=[])
    assert (stale.value.current.name, stale.value.current.version) == ("Først", 2)
    assert (reread(one).name, networks(one)) == ("Først", ["192.0.2.1"])
    assert tags(one.organisation) == ["SYSTEM_CHANGED"]


def test_changed_in_a_deleted_system():
    one = reread(system())
    System.objects.filter(pk=one.pk).delete()
    with pytest.raises(StaleVersion) as stale:
        registering.change(caller=CALLER, system=one, version=1)
    assert stale.value.current is None


HEALTH = {"last_check": timezone.now(), "last_check_status": "PASSED", "last_passed": timezone.now()}


@pytest.mark.parametrize(
    ("fields", "forgotten"),
    [
        ({"name": "Nyt navn"}, False),
        ({"supplier": "En anden"}, False),
        ({"endpoint": "ny@a.dk"}, True),
        ({"is_sender": True}, True),
        ({"smtp_relay_host": "mail.a.dk"}, True),
    ],
)
def test_a_check_is_forgotten_when_what_it_dialled_is_another(fields, forgotten):
    one = reread(system(health=HEALTH | {"confirmed": timezone.now(), "confirmed_reason": "Fordi"}))
    for name, value in fields.items():
        setattr(one, name, value)
    registering.change(caller=CALLER, system=one, version=1)
    health = SystemHealth.objects.get(system=one)
    assert (health.last_passed is None, health.confirmed is None, health.last_check_status == "") == (forgotten,) * 3


def test_a_system_that_is_used_goes_on_receiving(depended_on):
    one = reread(system(is_sender=True, is_recipient=True))
    depended_on(one, "Borgerservice")
    one.is_recipient = False
    refused = registering.change(caller=CALLER, system=one, version=1)
    assert [(found.code, found.params["count"]) for found in refused] == [("system.has_dependants", 1)]
    assert reread(one).is_recipient


def test_the_default_recipient_goes_on_receiving():
    one = reread(system(is_sender=True, is_recipient=True, is_default_recipient=True))
    one.is_recipient = False
    assert [found.code for found in registering.change(caller=CALLER, system=one, version=1)] == ["system.is_default"]
    assert (reread(one).is_recipient, tags(one.organisation)) == (True, [])


def test_a_copy_has_the_settings_but_nothing_that_is_the_originals_own():
    org = organisation()
    one = reread(
        system(
            organisation=org,
            protocol=Protocol.SFTP,
            active=True,
            is_default_recipient=True,
            certificate=certificates.certificate(organisation=org),
            ssh_key=certificates.ssh_key(organisation=org),
            ssh_username="post",
            sftp_host="sftp.a.dk",
            pinned_host_key="ssh-ed25519 AAAA",
            registry_id="6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11",
            supplier="Eksempel IT A/S",
        )
    )
    made = registering.create(caller=CALLER, system=registering.copied(one, name="Kopi"))
    kept = reread(made)
    assert (kept.name, kept.sftp_host, kept.supplier) == ("Kopi", "sftp.a.dk", "Eksempel IT A/S")
    assert (kept.active_from, kept.is_default_recipient, kept.registry_id) == (None, False, None)
    assert (kept.certificate, kept.ssh_key, kept.token, kept.pinned_host_key) == (None, None, None, "")
    assert re.fullmatch(r"kopi-[0-9a-f]{8}", kept.ssh_username)
    assert reread(one).ssh_username == "post"


def test_delete():
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    one = system(organisation=org, certificate=certificate, networks=("192.0.2.1",))
    ApiToken.objects.create(system=one, prefix="abc", hash="0" * 64, created=timezone.now())
    vendor = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, system_id=one.pk)
    assert registering.delete(caller=CALLER, system=one, version=1, reason="Udfaset") == []
    assert (System.objects.count(), AllowedIp.objects.count(), ApiToken.objects.count()) == (0, 0, 0)
    certificate.refresh_from_db()
    assert not Privilege.objects.filter(user=vendor).exists()
    assert tags(org) == ["PRIVILEGES_REVOKED", "SYSTEM_DELETED"]
    told = payload(org, "SYSTEM_DELETED")
    assert (told["before"]["name"], told["after"], told["reason"]) == (one.name, {}, "Udfaset")


def test_a_system_that_is_used_cannot_be_deleted(depended_on):
    one = system()
    depended_on(one, "Borgerservice", "Teknik")
    refused = registering.delete(caller=CALLER, system=one, version=1)
    assert [(found.code, found.params["count"]) for found in refused] == [("system.has_dependants", 2)]
    assert System.objects.filter(pk=one.pk).exists()


def test_a_stale_deletion_deletes_nothing():
    one = system()
    System.objects.filter(pk=one.pk).update(version=2)
    with pytest.raises(StaleVersion):
        registering.delete(caller=CALLER, system=one, version=1)
    assert System.objects.filter(pk=one.pk).exists()
