"""Guided creation: from the first answer to the created system."""

import pytest
from django.urls import reverse

from organisations.models import Organisation
from systems import drafting
from systems.drafting import Step
from systems.models import System, SystemDraft
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import system
from tests.systems.logged import tags
from tests.systems.people import WHOLE_ORGANISATION, everybody

pytestmark = pytest.mark.django_db
KIND = {"name": "Post ind", "is_recipient": "on"}


@pytest.fixture
def org() -> Organisation:
    return organisation()


@pytest.fixture
def client(org):
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))


def begin(client, org, **answers) -> SystemDraft:
    client.post(reverse("system_create", args=[org.cvr_number]), KIND | answers)
    return SystemDraft.objects.get()


def url(draft: SystemDraft, step: Step) -> str:
    return reverse("system_draft_step", args=[draft.organisation.cvr_number, draft.pk, step.value])


def answer(client, draft: SystemDraft, step: Step, **answers):
    draft.refresh_from_db()
    return client.post(url(draft, step), {"version": draft.version, **answers})


def test_who_may_begin():
    one = system()
    page = reverse("system_create", args=[one.organisation.cvr_number])
    assert {who: client_for(user).get(page).status_code for who, user in everybody(one).items()} == WHOLE_ORGANISATION


def test_who_may_go_on():
    one = system()
    draft = SystemDraft.objects.create(organisation=one.organisation, values={"name": "Kladde"})
    people = everybody(one)
    for page in (url(draft, Step.KIND), url(draft, Step.ANSWERS)):
        assert {who: client_for(user).get(page).status_code for who, user in people.items()} == WHOLE_ORGANISATION
    page = reverse("system_draft_delete", args=[one.organisation.cvr_number, draft.pk])
    assert {who: client_for(user).get(page).status_code for who, user in people.items()} == WHOLE_ORGANISATION


def test_a_draft_of_another_organisation(client, org):
    draft = SystemDraft.objects.create(organisation=organisation(), values={"name": "Kladde"})
    page = reverse("system_draft_step", args=[org.cvr_number, draft.pk, Step.KIND.value])
    assert client.get(page).status_code == 404


def test_an_smtp_system_step_by_step(client, org):
    draft = begin(client, org)
    assert (draft.begun_by.name, str(draft)) == ("Kim Prøvesen", "Post ind")
    response = answer(client, draft, Step.PROTOCOL, service_protocol="SMTP")
    assert response["Location"] == url(draft, Step.DELIVERY)
    form = client.get(url(draft, Step.DELIVERY)).context["form"]
    assert [field.name for field in form.visible_fields()] == ["endpoint", "smtp_relay_host", "smtp_relay_port"]
    response = answer(client, draft, Step.DELIVERY, endpoint="post@a.dk")
    assert response["Location"] == url(draft, Step.CONTACTS)
    response = answer(client, draft, Step.CONTACTS, technical_contact_email="drift@a.dk", supplier="Eksempel IT")
    assert response["Location"] == url(draft, Step.ADDRESSES)
    response = answer(client, draft, Step.ADDRESSES, networks="192.0.2.1\n192.0.2.16/28")
    assert response["Location"] == url(draft, Step.ANSWERS)
    html = client.get(url(draft, Step.ANSWERS)).content.decode()
    for text in ("Post ind", "SMTP", "post@a.dk", "drift@a.dk", "Eksempel IT", "192.0.2.16/28"):
        assert text in html
    response = answer(client, draft, Step.ANSWERS)
    made = System.objects.get()
    assert response["Location"] == reverse("system", args=[org.cvr_number, made.pk])
    assert (made.name, made.is_recipient, made.is_sender, made.service_protocol) == ("Post ind", True, False, "SMTP")
    assert (made.endpoint, made.smtp_relay_port, made.supplier) == ("post@a.dk", 25, "Eksempel IT")
    assert [allowed.network for allowed in made.allowed_ips.all()] == ["192.0.2.1", "192.0.2.16/28"]
    assert (SystemDraft.objects.count(), tags(org)) == (0, ["SYSTEM_CREATED"])


@pytest.mark.parametrize(
    ("protocol", "asks"),
    [
        ("SFTP", ["ssh_username", "sftp_host", "sftp_port", "sftp_folder"]),
        ("REST_PUSH", ["endpoint"]),
        ("AS4", ["endpoint"]),
        ("REST_PUBLISH_SUBSCRIBE", ["endpoint"]),
    ],
)
def test_what_is_asked_about_delivery(client, org, protocol, asks):
    draft = begin(client, org)
    answer(client, draft, Step.PROTOCOL, service_protocol=protocol)
    form = client.get(url(draft, Step.DELIVERY)).context["form"]
    assert [field.name for field in form.visible_fields()] == asks


def test_a_system_that_fetches_itself_is_not_asked_where_to_deliver(client, org):
    draft = begin(client, org)
    response = answer(client, draft, Step.PROTOCOL, service_protocol="REST_PULL")
    assert response["Location"] == url(draft, Step.CONTACTS)
    assert client.get(url(draft, Step.DELIVERY)).status_code == 404


def test_a_sender_is_asked_for_the_address_of_receipts(client, org):
    draft = begin(client, org, is_sender="on", is_recipient="")
    answer(client, draft, Step.PROTOCOL, service_protocol="REST_PUSH")
    form = client.get(url(draft, Step.DELIVERY)).context["form"]
    assert [field.name for field in form.visible_fields()] == ["receipt_endpoint"]


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"name": ""}, {"name": ["Udfyld: Systemets navn"]}),
        ({"name": "post ind"}, {"name": ["Et andet af myndighedens systemer har det navn. Vælg et andet."]}),
        ({"is_recipient": ""}, {"is_sender": ["Vælg, om systemet sender, modtager eller begge dele."]}),
    ],
)
def test_what_the_first_step_refuses(client, org, answers, errors):
    system(organisation=org, name="Post ind")
    response = client.post(reverse("system_create", args=[org.cvr_number]), KIND | {"name": "Ny"} | answers)
    assert (response.status_code, response.context["form"].errors) == (200, errors)
    assert not SystemDraft.objects.exists()


@pytest.mark.parametrize(
    ("protocol", "step", "answers", "errors"),
    [
        (
            "REST_PUSH",
            Step.DELIVERY,
            {"endpoint": "http://a.dk/ind"},
            {"endpoint": ["Adressen skal begynde med https://."]},
        ),
        (
            "SMTP",
            Step.DELIVERY,
            {"endpoint": "ikke en adresse"},
            {"endpoint": ["Skriv én e-mailadresse, for eksempel post@myndighed.dk."]},
        ),
        (
            "SMTP",
            Step.ADDRESSES,
            {"networks": "192.0.2.0/24"},
            {"networks": ["192.0.2.0/24 dækker 256 adresser; et område må højst dække 32 (/27 i IPv4, /123 i IPv6)."]},
        ),
        (
            "SMTP",
            Step.CONTACTS,
            {"delegated_cvr": "1234"},
            {"delegated_cvr": ["Skriv CVR-nummeret med 8 cifre"]},
        ),
        (
            "SFTP",
            Step.DELIVERY,
            {"sftp_host": "sftp.a.dk", "sftp_port": "25"},
            {"sftp_port": ["Kontrollen når portene 22, 2022, 2222 og fra 1024 og op."]},
        ),
    ],
)
def test_what_later_steps_refuse_keeps_what_was_typed(client, org, protocol, step, answers, errors):
    draft = begin(client, org)
    answer(client, draft, Step.PROTOCOL, service_protocol=protocol)
    response = answer(client, draft, step, **answers)
    assert (response.status_code, response.context["form"].errors) == (200, errors)
    for typed in answers.values():
        assert typed in response.content.decode()
    draft.refresh_from_db()
    assert not drafting.is_done(draft, step)


def test_nothing_is_created_before_every_step_is_answered(client, org):
    draft = begin(client, org)
    answer(client, draft, Step.PROTOCOL, service_protocol="SMTP")
    response = answer(client, draft, Step.ANSWERS)
    assert (response.status_code, System.objects.count()) == (200, 0)
    assert [part.step for part in response.context["answers"].parts if not part.is_answered] == [
        Step.DELIVERY,
        Step.CONTACTS,
        Step.ADDRESSES,
    ]


def test_answers_before_the_protocol_is_chosen(client, org):
    draft = begin(client, org)
    assert client.get(url(draft, Step.ANSWERS)).status_code == 200


def complete(client, org) -> SystemDraft:
    draft = begin(client, org)
    answer(client, draft, Step.PROTOCOL, service_protocol="REST_PULL")
    answer(client, draft, Step.CONTACTS)
    answer(client, draft, Step.ADDRESSES)
    draft.refresh_from_db()
    return draft


def test_a_name_taken_meanwhile_is_told_at_its_step(client, org):
    draft = complete(client, org)
    system(organisation=org, name="Post ind")
    response = answer(client, draft, Step.ANSWERS)
    (part,) = [part for part in response.context["answers"].parts if part.faults]
    assert (part.step, part.faults) == (
        Step.KIND,
        ["Et andet af myndighedens systemer har det navn. Vælg et andet."],
    )
    assert System.objects.count() == 1


def test_a_correction_returns_to_the_answers(client, org):
    draft = complete(client, org)
    response = answer(client, draft, Step.CONTACTS, supplier="Eksempel IT")
    assert response["Location"] == url(draft, Step.ANSWERS)


def test_two_who_go_on_with_one_draft_lose_nothing(client, org):
    draft = begin(client, org)
    answer(client, draft, Step.PROTOCOL, service_protocol="SMTP")
    late = {"version": 1, "endpoint": "post@a.dk"}
    response = client.post(url(draft, Step.DELIVERY), late)
    assert response.status_code == 409
    assert 'value="post@a.dk"' in response.content.decode()
    again = client.post(url(draft, Step.DELIVERY), late | {"version": response.context["form"]["version"].value()})
    assert again["Location"] == url(draft, Step.CONTACTS)


def test_a_draft_that_is_gone(client, org):
    draft = complete(client, org)
    client.post(url(draft, Step.ANSWERS), {"version": draft.version})
    assert client.get(url(draft, Step.ANSWERS)).status_code == 404
    assert System.objects.count() == 1


def test_a_stale_page_of_answers_creates_nothing(client, org):
    draft = complete(client, org)
    response = client.post(url(draft, Step.ANSWERS), {"version": draft.version - 1})
    assert (response.status_code, response["Location"]) == (302, url(draft, Step.ANSWERS))
    assert System.objects.count() == 0


def test_the_sixth_sender_and_overlaps_are_noticed(client, org):
    for _ in range(5):
        system(organisation=org, is_sender=True)
    draft = begin(client, org, is_sender="on")
    answer(client, draft, Step.PROTOCOL, service_protocol="REST_PULL")
    answer(client, draft, Step.ADDRESSES, networks="192.0.2.0/28 192.0.2.1")
    codes = [found.code for found in client.get(url(draft, Step.ANSWERS)).context["findings"]]
    assert codes == ["system.no_technical_contact", "system.many_senders", "system.addresses_overlap"]


def test_deleting_a_draft(client, org):
    draft = begin(client, org)
    page = reverse("system_draft_delete", args=[org.cvr_number, draft.pk])
    client.get(page)
    assert SystemDraft.objects.exists()
    assert client.post(page)["Location"] == reverse("systems", args=[org.cvr_number])
    assert not SystemDraft.objects.exists()


def test_a_step_that_does_not_exist(client, org):
    draft = begin(client, org)
    assert client.get(reverse("system_draft_step", args=[org.cvr_number, draft.pk, "andet"])).status_code == 404
