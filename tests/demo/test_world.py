"""The demo world: made once through the portal's own rules, with the faults it is meant to have."""

import socket

import pytest
from django.core.management import CommandError, call_command

from adgang.demo import addresses, equipping, papers, server_keys
from adgang.demo.people import ORGANISATIONS, PEOPLE, demo_person
from adgang.demo.structure import demo_points
from certificates.models import RevocationList
from certificates.profile import read_profile
from certificates.reading import read_certificate
from contacts.drafts import lifecycle
from contacts.models import ContactGroup, ContactPoint, Draft
from memo import marks
from memo.models import LetterType, Mark
from organisations import verifying
from organisations.models import Organisation, Privilege
from organisations.rights import PrivilegeType
from systems.models import System
from systems.problems import open_problems
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db(transaction=True)


def free_ports() -> int:
    """Return the first of a run of ports that nobody listens on."""
    for first in range(21000, 32000, len(addresses.Endpoint)):
        try:
            for endpoint in addresses.Endpoint:
                socket.create_server((addresses.HOST, addresses.port(endpoint, first=first))).close()
        except OSError:
            continue
        return first
    raise AssertionError("no ports are free")


@pytest.fixture
def demo_mode(settings, tmp_path, monkeypatch):
    first = free_ports()
    settings.VAR_DIR = tmp_path
    settings.ADGANG_DEMO = True
    settings.ADGANG_DEMO_FIRST_PORT = first
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = addresses.networks(first=first)
    settings.ADGANG_EXTRA_CA_FILE = str(server_keys.authority())
    # The endpoints run as a process of their own and read the environment.
    for name, value in {"ADGANG_DEMO": "true", "ADGANG_DEMO_FIRST_PORT": first, "ADGANG_VAR_DIR": tmp_path}.items():
        monkeypatch.setenv(name, str(value))


def test_demo_is_whole(demo_mode, capsys):
    call_command("demo")
    assert Organisation.objects.count() == len(ORGANISATIONS)
    assert {privilege.type for privilege in Privilege.objects.all()} >= {
        role.value for person in PEOPLE for held in person.roles.values() for role in held
    }
    assert ContactPoint.objects.count() == len(demo_points()) == 250
    assert ContactGroup.objects.count() == 60
    draft = lifecycle.read(Draft.objects.get())
    assert draft.is_ready
    assert len(draft.touched) == 7
    health = {system.name: system.health.last_check_status for system in System.objects.select_related("health")}
    assert health["Digital Postkasse"] == health["Fagsystem Ydelser"] == "PASSED"
    assert health["ESDH Sagsbasen"] == health["Lønsystem"] == health["Skolesystem"] == "FAILED"
    assert {system.service_protocol for system in System.objects.all()} == {
        "SMTP", "SFTP", "REST_PUSH", "REST_PULL", "REST_PUBLISH_SUBSCRIBE", "AS4",
    }  # fmt: skip
    summaries = {system.name: system.check_runs.get().summary for system in System.objects.exclude(check_runs=None)}
    assert summaries["ESDH Sagsbasen"] == "tls.expired"
    assert summaries["Lønsystem"] == "sftp.host_key_changed"
    assert summaries["Skolesystem"] == "sftp.key_not_accepted"
    assert summaries["Byggesager"] == "smtp.no_starttls"
    assert summaries["Bibliotekssystem"] == "recipient.refused"
    assert [verifying.verify(chain).broken for chain in verifying.chains()] == [None] * 5

    revoked = System.objects.get(name="Tilsynssystem")
    assert revoked.certificate is None
    assert revoked.revoked_uses.get().certificate.standing.reason == ""
    assert RevocationList.objects.exclude(next_update=None).count() == 2

    call_command("demo")
    assert "there already" in capsys.readouterr().out
    assert Organisation.objects.count() == len(ORGANISATIONS)

    shared = System.objects.filter(certificate__holder_id=equipping.SHARED_HOLDER)
    assert (shared.count(), shared.values("certificate").distinct().count()) == (5, 1)
    renewal = read_certificate((papers.folder() / "fornyelse-af-faelles-systemcertifikat.pem").read_bytes())
    assert read_profile(renewal.certificate).holder_id == equipping.SHARED_HOLDER
    kommune = Organisation.objects.get(systems__name="Vagtplan")
    texts = [str(problem.text) for problem in open_problems(kommune)]
    assert any("Vagtplan" in text and "udløb" in text for text in texts)
    assert System.objects.get(name="ESDH Sagsbasen").next_certificate is not None
    assert System.objects.get(name="Digital Postkasse").next_ssh_key is not None

    types = LetterType.objects.filter(organisation=kommune).with_point()
    assert {mark: count > 0 for mark, count in types.counted().items()} == dict.fromkeys(Mark, True)
    found = {fault.code for one in types for fault in marks.faults(one)}
    assert found >= {f"letter.point.{what}" for what in ("none", "deleted", "provisional", "replaced", "inactive")}
    assert "letter.point.hidden" in found
    assert (papers.folder() / "memo-eksempel-brev.xml").read_bytes().startswith(b"<?xml")

    private = read_certificate((papers.folder() / "privat-noegle-maa-ikke-uploades.key").read_bytes())
    assert private.der is None
    vendor = demo_person("levi").privileges.get()
    assert (vendor.type, vendor.system_id) == (
        PrivilegeType.ORGANISATION_ADMINISTRATOR,
        System.objects.get(name="Fagsystem Ydelser").pk,
    )


def test_demo_keeps_out_of_real_databases(demo_mode):
    organisation()
    with pytest.raises(CommandError, match="organisations of its own"):
        call_command("demo", "--reset")
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(("name", "value"), [("ADGANG_DEMO", False), ("ADGANG_ENVIRONMENT", "production")])
def test_demo_is_for_demo_mode_only(demo_mode, settings, name, value):
    setattr(settings, name, value)
    with pytest.raises(CommandError, match="demo mode"):
        call_command("demo")
    assert not Organisation.objects.exists()
