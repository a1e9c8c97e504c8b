"""The demo world: made once through the portal's own rules, with the faults it is meant to have."""

from operator import itemgetter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from adgang.demo import equipping, papers
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
from systems.models import CheckRun, MaintenanceWindow, System, SystemHealth, SystemTemplate, TemplateUse
from systems.problems import open_problems
from tests.factories import demo
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo_mode(settings, tmp_path, monkeypatch):
    demo.enter(settings, monkeypatch, tmp_path)


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
    asked = CheckRun.objects.exclude(trigger="SCHEDULED").select_related("system")
    summaries = {run.system.name: run.summary for run in asked}
    states = SystemHealth.objects.exclude(state="").values_list("system__name", "state", "unstable_since")
    assert {(name, state, unstable is not None) for name, state, unstable in states} >= {
        ("Digital Postkasse", "HEALTHY", False),
        ("Brevmotor", "HEALTHY", True),
    }
    assert [state for _name, state, _unstable in states].count("FAILING") == 1
    assert MaintenanceWindow.objects.at(timezone.now()).count() == 1
    assert summaries["ESDH Sagsbasen"] == "tls.expired"
    assert summaries["Lønsystem"] == "sftp.host_key_changed"
    assert summaries["Skolesystem"] == "sftp.key_not_accepted"
    assert summaries["Byggesager"] == "smtp.no_starttls"
    assert summaries["Bibliotekssystem"] == "recipient.refused"
    assert summaries["Arkivsystem"] == "folder.missing"
    found = {
        code
        for run in CheckRun.objects.all()
        for step in run.steps
        for code in map(itemgetter("code"), step["findings"])
    }
    assert found >= {"folder.written", "message.delivered", "message.handed_over"}
    assert [verifying.verify(chain).broken for chain in verifying.chains()] == [None] * 6

    revoked = System.objects.get(name="Tilsynssystem")
    assert revoked.certificate is None
    assert revoked.revoked_uses.get().certificate.standing.reason == ""
    assert RevocationList.objects.exclude(next_update=None).count() == 2

    using_templates = {use.system.name: use.edition < use.template.edition for use in TemplateUse.objects.all()}
    assert using_templates == {"Brevflet": True}
    assert SystemTemplate.objects.on_offer().values("organisation").distinct().count() == 2

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
