"""The authority's side of standard systems: `system_template_use`, `system_template_offer`."""

from typing import Any

import pytest
from django.urls import reverse

from organisations.callers import Caller
from organisations.models import Organisation
from systems import registering
from systems.models import System, SystemDraft, SystemTemplate, TemplateUse
from systems.problems import open_problems
from systems.standard import using
from systems.standard.using import OfferMoved
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import reread
from tests.systems.logged import tags
from tests.systems.people import CHANGE, statuses

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")


@pytest.fixture
def ours() -> Organisation:
    return organisation(name="Klitby Kommune")


@pytest.fixture
def client(ours: Organisation) -> Any:
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours))


@pytest.fixture
def template() -> SystemTemplate:
    return systems.template(published=True, to_fill=("business_contact_email",))


def offer_url(system: System) -> str:
    return reverse("system_template_offer", args=[system.organisation.cvr_number, system.pk])


def answer(client: Any, system: System, *taken: str, **more: str) -> Any:
    use = TemplateUse.objects.get(system=system)
    data = {"version": str(reread(system).version), "edition": str(use.template.edition), "taken": list(taken)}
    return client.post(offer_url(system), data | more)


def test_a_system_is_made_from_it_with_what_the_authority_fills_in(
    client: Any, ours: Organisation, template: SystemTemplate
) -> None:
    begun = client.post(reverse("system_template_use", args=[ours.cvr_number, template.pk]), follow=True)
    assert template.organisation.name in begun.content.decode()
    draft = SystemDraft.objects.get()

    def step(at: str, **data: str) -> str:
        url = reverse("system_draft_step", args=[ours.cvr_number, draft.pk, at])
        draft.refresh_from_db()
        return str(client.post(url, {**data, "version": str(draft.version)}, follow=True).content.decode())

    contacts = step("art", name="Vores brevmotor", is_recipient="on")
    assert "Leverandøren beder jer udfylde det." in contacts
    assert contacts.count("Kommer fra standardsystemet.") == 3
    assert "Udfyld: " in step("kontakter")
    filled = {"technical_contact_name": "Driftsvagten", "technical_contact_email": "drift@vendor.example"}
    step("kontakter", **filled, supplier="Vendor A/S", business_contact_email="kontor@klitby.example")
    step("svar")
    made = System.objects.get(organisation=ours)
    assert (made.name, made.endpoint) == ("Vores brevmotor", "https://post.vendor.example/memo")
    assert [one.network for one in made.allowed_ips.all()] == ["192.0.2.10"]
    assert TemplateUse.objects.get(system=made).edition == 1
    assert "Oprettet fra" in client.get(reverse("system", args=[ours.cvr_number, made.pk])).content.decode()
    assert tags(ours) == ["SYSTEM_CREATED"]


def test_the_people(template: SystemTemplate) -> None:
    made = systems.made_from(template)
    systems.publish(template, endpoint="https://ny.example/memo")
    assert statuses(made, "system_template_offer") == CHANGE


def test_a_change_is_offered_and_never_applied_by_itself(
    client: Any, ours: Organisation, template: SystemTemplate
) -> None:
    made = systems.made_from(template, organisation=ours, technical_contact_name="Vores egen")
    assert open_problems(ours) == []
    systems.publish(
        template, note="Nyt center.", endpoint="https://ny.example/memo", technical_contact_name="Nattevagten"
    )
    assert reread(made).endpoint == "https://post.vendor.example/memo"
    [problem] = open_problems(ours)
    assert problem.url == offer_url(made)
    page = client.get(offer_url(made)).content.decode()
    assert "Nyt center." in page
    assert page.count('type="checkbox"') == 2
    assert page.count(" checked>") == 1  # what the authority has changed itself is not ticked


def test_all_some_or_none_of_it_is_taken(client: Any, ours: Organisation, template: SystemTemplate) -> None:
    all_, some, none = (systems.made_from(template, organisation=ours) for _number in range(3))
    systems.publish(template, endpoint="https://ny.example/memo", networks=["192.0.2.11"])
    assert answer(client, all_, "endpoint", "networks").status_code == 302
    answer(client, some, "networks")
    answer(client, none, "endpoint", "networks", ignore="1")

    def has(system: System) -> tuple[str, list[str]]:
        return reread(system).endpoint, [one.network for one in system.allowed_ips.all()]

    old, new = "https://post.vendor.example/memo", "https://ny.example/memo"
    assert [has(one) for one in (all_, some, none)] == [
        (new, ["192.0.2.11"]),
        (old, ["192.0.2.11"]),
        (old, ["192.0.2.10"]),
    ]
    assert [using.offer_of(one) for one in (all_, some, none)] == [None, None, None]
    assert tags(ours) == [
        *("SYSTEM_CHANGED", "TEMPLATE_OFFER_ANSWERED"),
        *("SYSTEM_CHANGED", "TEMPLATE_OFFER_ANSWERED", "TEMPLATE_OFFER_ANSWERED"),
    ]
    systems.publish(template, endpoint="https://endnu-nyere.example/memo")
    assert using.offer_of(none) is not None


def test_a_field_that_is_not_offered_is_not_taken(client: Any, ours: Organisation, template: SystemTemplate) -> None:
    made = systems.made_from(template, organisation=ours)
    systems.publish(template, endpoint="https://ny.example/memo")
    answer(client, made, "name", "organisation", "certificate")
    assert reread(made).name == made.name


def test_another_edition_or_another_answer_meanwhile(client: Any, ours: Organisation, template: SystemTemplate) -> None:
    made = systems.made_from(template, organisation=ours)
    systems.publish(template, endpoint="https://ny.example/memo")
    offer = using.offer_of(made)
    assert offer is not None
    assert answer(client, made, "endpoint", edition="1").url == offer_url(made)
    assert answer(client, made, "endpoint", version="77").url == offer_url(made)
    assert reread(made).endpoint == made.endpoint
    systems.publish(template, endpoint="https://endnu-nyere.example/memo")
    with pytest.raises(OfferMoved):
        using.answer(caller=CALLER, offer=offer, version=made.version, taken=["endpoint"])


def test_what_the_system_cannot_take_leaves_everything_as_it_was(
    client: Any, ours: Organisation, template: SystemTemplate, depended_on: Any
) -> None:
    made = systems.made_from(template, organisation=ours, is_default_recipient=True)
    depended_on(made, "Borgerservice")
    systems.publish(template, is_recipient=False, is_sender=True, endpoint="")
    refused = answer(client, made, "is_recipient", "is_sender")
    assert refused.status_code == 409
    assert "Intet blev ændret" in refused.content.decode()
    assert TemplateUse.objects.get(system=made).edition == 1
    assert reread(made).is_recipient
    assert tags(ours) == []


def test_a_value_that_does_not_fit_is_said(client: Any, ours: Organisation, template: SystemTemplate) -> None:
    made = systems.made_from(template, organisation=ours)
    systems.publish(template, delegated_cvr=ours.cvr_number)
    text = answer(client, made, "delegated_cvr").content.decode()
    assert "myndighedens eget CVR-nummer" in text
    assert TemplateUse.objects.get(system=made).edition == 1


def test_nothing_to_answer_leads_back(client: Any, ours: Organisation, template: SystemTemplate) -> None:
    made = systems.made_from(template, organisation=ours)
    assert client.get(offer_url(made)).url == reverse("system", args=[ours.cvr_number, made.pk])


def test_a_deleted_system_leaves_its_standard_system_alone(template: SystemTemplate) -> None:
    made = systems.made_from(template)
    assert registering.delete(caller=CALLER, system=reread(made), version=made.version) == []
    assert not TemplateUse.objects.exists()
    assert SystemTemplate.objects.exists()
