"""The vendor's side of standard systems: `system_templates`, `system_template`, `system_template_create`,
`system_template_edit`, `system_template_publish`, `system_template_retire`, `system_template_delete`.
"""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from organisations.callers import Caller
from organisations.models import Event, Organisation
from systems.models import SystemTemplate, TemplateEdition
from systems.standard import publishing
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.systems.logged import tags

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor() -> Organisation:
    return organisation(name="Påfund IT A/S", type=Organisation.Type.COMPANY, authority_type="", cvr_number="90000012")


@pytest.fixture
def client(vendor: Organisation) -> Any:
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=vendor))


def url(name: str, of: Organisation, template: SystemTemplate | None = None) -> str:
    return reverse(name, args=[of.cvr_number, *([template.pk] if template else [])])


def page(client: Any, *args: Any) -> str:
    answer = client.get(url(*args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_from_the_first_answers_to_the_first_edition(client: Any, vendor: Organisation) -> None:
    first = {"name": "Brevmotor", "service_protocol": "REST_PUSH", "is_recipient": "on"}
    answer = client.post(url("system_template_create", vendor), first, follow=True)
    template = SystemTemplate.objects.get()
    assert 'name="endpoint"' in answer.content.decode()
    assert 'value="90 00 00 12"' in answer.content.decode() or 'value="90000012"' in answer.content.decode()
    told = {
        "name": "Brevmotor",
        "description": "Til breve.",
        "is_recipient": "on",
        "version": "1",
        "endpoint": "https://post.vendor.example/memo",
        "supplier": "Påfund IT A/S",
        "networks": "192.0.2.10",
        "to_fill": ["business_contact_email", "receipt_endpoint"],
    }
    assert client.post(url("system_template_edit", vendor, template), told).status_code == 302
    template.refresh_from_db()
    assert template.to_fill == ["business_contact_email"]  # receipts are for senders
    assert template.values["networks"] == ["192.0.2.10"]
    assert "Nothing" not in page(client, "system_template_publish", vendor, template)
    client.post(url("system_template_publish", vendor, template), {"version": "2", "note": "Den første."})
    edition = TemplateEdition.objects.get()
    assert (edition.number, edition.note, edition.values["endpoint"]) == (1, "Den første.", told["endpoint"])
    assert tags(vendor) == ["TEMPLATE_CREATED", "TEMPLATE_CHANGED", "TEMPLATE_PUBLISHED"]
    assert "drift@vendor.example" not in str(Event.objects.values_list("payload", flat=True))


def test_the_three_people_and_another_vendor(vendor: Organisation) -> None:
    template = systems.template(organisation=vendor)
    other = organisation()
    people = {
        "owner": user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=vendor),
        "reader": user_with(Role.READER, organisation=vendor),
        "colleague": user_with(Role.STATISTICS_ADMINISTRATOR, organisation=vendor),
        "stranger": user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=other),
    }

    def statuses(name: str) -> list[int]:
        return [client_for(one).get(url(name, vendor, template)).status_code for one in people.values()]

    assert statuses("system_template") == [200, 200, 403, 404]
    assert statuses("system_template_edit") == [200, 403, 403, 404]
    systems.publish(template)
    stranger = client_for(people["stranger"])
    assert stranger.get(url("system_template", other, template)).status_code == 200
    assert stranger.get(url("system_template_edit", other, template)).status_code == 404


def test_others_see_the_newest_edition_and_not_the_working_copy(client: Any, vendor: Organisation) -> None:
    template = systems.template(organisation=vendor)
    reader = client_for(user_with(Role.READER, organisation=(ours := organisation())))
    assert reader.get(url("system_template", ours, template)).status_code == 404
    systems.publish(template)
    template.values = {**template.values, "endpoint": "https://hemmelig.vendor.example/"}
    publishing.change(caller=Caller.command("test"), template=template, version=template.version)
    assert "hemmelig" not in page(reader, "system_template", ours, template)
    assert "hemmelig" in page(client, "system_template", vendor, template)
    assert "Opret et system fra det" not in page(reader, "system_template", ours, template)


def test_wrong_input_is_said_at_the_field(client: Any, vendor: Organisation) -> None:
    answer = client.post(url("system_template_create", vendor), {"name": "", "service_protocol": "PIGEON"})
    assert answer.status_code == 200
    assert SystemTemplate.objects.count() == 0
    template = systems.template(organisation=vendor)
    wrong = {"name": "X", "is_recipient": "on", "version": "1", "endpoint": "http://plain.example", "networks": "huset"}
    text = client.post(url("system_template_edit", vendor, template), wrong).content.decode()
    assert "huset" in text
    assert "http://plain.example" in text
    template.refresh_from_db()
    assert template.version == 1


def test_two_standard_systems_cannot_bear_one_name(client: Any, vendor: Organisation) -> None:
    template = systems.template(organisation=vendor)
    first = {"name": template.name.upper(), "service_protocol": "SFTP", "is_sender": "on"}
    text = client.post(url("system_template_create", vendor), first).content.decode()
    assert "Et andet af organisationens standardsystemer har dette navn." in text


def test_two_who_save_the_same_lose_nothing(client: Any, vendor: Organisation) -> None:
    template = systems.template(organisation=vendor)
    publishing.change(caller=Caller.command("test"), template=template, version=1)
    mine = {"name": "Mit navn", "is_recipient": "on", "version": "1", "endpoint": "https://min.example/"}
    answer = client.post(url("system_template_edit", vendor, template), mine)
    assert answer.status_code == 409
    assert "Mit navn" in answer.content.decode()
    assert SystemTemplate.objects.get().name == template.name


def test_what_refuses(client: Any, vendor: Organisation, english: None) -> None:
    template = systems.template(organisation=vendor, published=True)

    def publish(version: int = 0) -> list[str]:
        data = {"version": str(version or template.version), "note": ""}
        answer = client.post(url("system_template_publish", vendor, template), data, follow=True)
        return [str(message) for message in answer.context["messages"]]

    assert "udgave 1" in str(publish())
    assert "imens" in str(publish(version=77))
    assert TemplateEdition.objects.count() == 1
    template.values = {**template.values, "service_protocol": "SFTP"}
    caller = Caller.command("test")
    [refused] = publishing.change(caller=caller, template=template, version=template.version)
    assert refused.code == "template.protocol_fixed"
    template.values = {**template.values, "service_protocol": "REST_PUSH"}
    template.to_fill = ["organisation"]
    with pytest.raises(ValidationError):
        publishing.change(caller=caller, template=template, version=template.version)
    [refused] = publishing.delete(caller=caller, template=template, version=template.version)
    assert refused.code == "template.published_already"


def test_retiring_says_who_still_uses_it(client: Any, vendor: Organisation) -> None:
    template = systems.template(organisation=vendor, published=True)
    ours = organisation(name="Klitby Kommune")
    made = systems.made_from(template, organisation=ours)
    assert "Klitby Kommune" in page(client, "system_template_retire", vendor, template)
    assert "Klitby Kommune: 1 system" in page(client, "system_template", vendor, template)
    data = {"version": str(template.version), "reason": "Erstattet."}
    client.post(url("system_template_retire", vendor, template), data)
    template.refresh_from_db()
    assert template.retired is not None
    assert tags(vendor)[-1] == "TEMPLATE_RETIRED"
    administrator = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours))
    assert "ladet det udgå" in administrator.get(reverse("system", args=[ours.cvr_number, made.pk])).content.decode()
    assert administrator.post(url("system_template_use", ours, template)).status_code == 302
    assert not ours.system_drafts.exists()


def test_what_was_never_published_can_be_deleted(client: Any, vendor: Organisation) -> None:
    template = systems.template(organisation=vendor)
    page(client, "system_template_delete", vendor, template)
    client.post(url("system_template_delete", vendor, template), {"version": "9"})
    assert SystemTemplate.objects.exists()
    client.post(url("system_template_delete", vendor, template), {"version": "1"})
    assert not SystemTemplate.objects.exists()


class TestList:
    def test_own_and_published_ones_narrowed_and_exported(self, client: Any, vendor: Organisation) -> None:
        own, hidden = systems.template(organisation=vendor), systems.template()
        offered = systems.template(published=True)
        text = page(client, "system_templates", vendor)
        assert [one.name in text for one in (own, hidden, offered)] == [True, False, True]
        for query, shown in (("whose=own", own), ("state=offer", offered), (f"q={offered.name}", offered)):
            narrowed = client.get(f"{url('system_templates', vendor)}?{query}").content.decode()
            assert [one.name in narrowed for one in (own, offered)] == [one == shown for one in (own, offered)]
        answer = client.get(f"{url('system_templates', vendor)}?format=csv&protocol=REST_PUSH")
        assert len(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()) == 3

    def test_an_empty_list_says_how_to_begin(self, client: Any, vendor: Organisation) -> None:
        assert "Ingen standardsystemer endnu" in page(client, "system_templates", vendor)

    def test_queries(self, client: Any, vendor: Organisation, django_assert_num_queries: Any) -> None:
        systems.made_from(systems.template(published=True), organisation=vendor)
        page(client, "system_templates", vendor)
        with django_assert_num_queries(5):
            page(client, "system_templates", vendor)
        for _number in range(2):
            systems.made_from(systems.template(published=True), organisation=vendor)
        with django_assert_num_queries(5):
            page(client, "system_templates", vendor)
