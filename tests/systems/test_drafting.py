"""A draft: what it keeps, which step is next, and how it becomes a system."""

import pytest
from django.core.exceptions import ValidationError

from adgang.lib.registered import StaleVersion
from organisations.callers import Caller
from systems import drafting
from systems.drafting import Step
from systems.models import System, SystemDraft
from tests.factories.organisations import organisation
from tests.factories.systems import system
from tests.systems.logged import tags

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")
KIND = {"name": "Post ind", "is_sender": False, "is_recipient": True}


def begun() -> SystemDraft:
    return drafting.begin(caller=CALLER, organisation=organisation(), values=KIND)


def keep(draft: SystemDraft, step: Step, **values) -> None:
    drafting.keep(draft=draft, version=draft.version, step=step, values=values)
    draft.refresh_from_db()


def answered() -> SystemDraft:
    draft = begun()
    keep(draft, Step.PROTOCOL, service_protocol="SMTP")
    keep(draft, Step.DELIVERY, endpoint="post@a.dk", smtp_relay_host="", smtp_relay_port=25)
    keep(draft, Step.CONTACTS, technical_contact_email="drift@a.dk", supplier="", delegated_cvr="")
    keep(draft, Step.ADDRESSES, networks=["192.0.2.1"])
    return draft


def test_the_steps_and_where_the_work_goes_on():
    draft = begun()
    assert str(draft) == "Post ind"
    assert drafting.first_open_step(draft) is Step.PROTOCOL
    keep(draft, Step.PROTOCOL, service_protocol="REST_PULL")
    assert Step.DELIVERY not in drafting.steps(draft)
    assert drafting.next_step(draft, Step.PROTOCOL) is Step.CONTACTS
    keep(draft, Step.PROTOCOL, service_protocol="SFTP")
    assert drafting.steps(draft) == list(Step)
    assert drafting.first_open_step(draft) is Step.DELIVERY
    assert drafting.next_step(draft, Step.ANSWERS) is Step.ANSWERS


def test_another_protocol_makes_the_delivery_an_open_question():
    draft = answered()
    assert drafting.first_open_step(draft) is Step.ANSWERS
    keep(draft, Step.PROTOCOL, service_protocol="SMTP")
    assert drafting.is_done(draft, Step.DELIVERY)
    keep(draft, Step.PROTOCOL, service_protocol="REST_PUSH")
    assert drafting.first_open_step(draft) is Step.DELIVERY
    assert "endpoint" not in draft.values


def test_another_direction_does_so_too_but_keeps_the_answers():
    draft = answered()
    keep(draft, Step.KIND, **KIND | {"is_sender": True})
    assert drafting.first_open_step(draft) is Step.DELIVERY
    assert draft.values["endpoint"] == "post@a.dk"
    keep(draft, Step.DELIVERY, receipt_endpoint="kvit@a.dk")
    assert "endpoint" not in draft.values


def test_becoming_a_system():
    draft = answered()
    made = drafting.finish(caller=CALLER, draft=draft, version=draft.version)
    kept = System.objects.get()
    assert (kept, kept.name, kept.endpoint, kept.is_recipient) == (made, "Post ind", "post@a.dk", True)
    assert [allowed.network for allowed in kept.allowed_ips.all()] == ["192.0.2.1"]
    assert not SystemDraft.objects.exists()
    assert tags(kept.organisation) == ["SYSTEM_CREATED"]


def test_a_name_taken_meanwhile_leaves_the_draft():
    draft = answered()
    system(organisation=draft.organisation, name="post ind")
    with pytest.raises(ValidationError):
        drafting.finish(caller=CALLER, draft=draft, version=draft.version)
    assert SystemDraft.objects.get() == draft


def test_two_who_go_on_with_it():
    draft, other = begun(), SystemDraft.objects.get()
    keep(draft, Step.PROTOCOL, service_protocol="SMTP")
    with pytest.raises(StaleVersion):
        drafting.keep(draft=other, version=1, step=Step.PROTOCOL, values={"service_protocol": "SFTP"})
    with pytest.raises(StaleVersion):
        drafting.finish(caller=CALLER, draft=other, version=1)
    assert SystemDraft.objects.get().values["service_protocol"] == "SMTP"
    assert not System.objects.exists()
