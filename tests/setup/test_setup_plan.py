"""The page of a plan: every fault, every change, and carrying it out."""

import pytest
from django.urls import reverse

from contacts import uploaded_files
from contacts.models import UploadedFile
from organisations.rights import PrivilegeType
from tests.factories import contacts
from tests.factories.organisations import client_for, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(authority):
    roles = (PrivilegeType.ORGANISATION_ADMINISTRATOR, PrivilegeType.CONTACT_ADMINISTRATOR)
    person = user_with(*roles, PrivilegeType.LETTER_ADMINISTRATOR, organisation=authority.organisation)
    return client_for(person)


def page(authority, text):
    uploaded = uploaded_files.begin(
        organisation=authority.organisation, user=None, content=text.encode(), filename="opsætning.yml"
    )
    return reverse("setup_plan", args=[authority.organisation.cvr_number, uploaded.pk])


def test_who_may(authority, empty):
    url = page(authority, authority.text)
    reader = user_with(PrivilegeType.READER, organisation=authority.organisation)
    assert client_for(reader).get(url).status_code == 403
    assert client_for(reader).post(url).status_code == 403
    stranger = user_with(PrivilegeType.ORGANISATION_ADMINISTRATOR, organisation=empty().organisation)
    assert client_for(stranger).get(url).status_code == 404


def test_from_the_file_to_what_is_registered(authority, client):
    url = page(authority, authority.edited(("replyDays: 14", "replyDays: 21"), ("group: Ydelser", "group: Penge")))
    shown = client.get(url)
    text = shown.content.decode()
    assert "Penge" in text
    assert "replyDays" in text
    answer = client.post(url, {"seen": shown.context["review"].seen, "reason": ""}, follow=True)
    assert "2 ændringer er gennemført" in answer.content.decode()
    assert authority.organisation.contact_groups.filter(name="Penge").exists()
    assert not UploadedFile.objects.exists()


def test_nothing_happens_unless_it_was_agreed_to(authority, client):
    url = page(authority, authority.edited(("replyDays: 14", "replyDays: 21")))
    seen = client.get(url).context["review"].seen
    contacts.group("Kom imellem", organisation=authority.organisation)
    for sent in ({"seen": seen}, {}):
        text = client.post(url, sent).content.decode()
        assert "Kom imellem" in text
        assert "ændret imens" in text
    assert authority.organisation.contact_groups.filter(name="Kom imellem").exists()


def test_faults_are_shown_and_nothing_can_be_sent(authority, client):
    url = page(authority, authority.edited(("replyDays: 14", "replyDays: mange")))
    text = client.get(url).content.decode()
    assert "replyDays" in text
    assert 'name="seen"' not in text
    client.post(url, {"seen": "x"})
    assert authority.organisation.letter_types.get(name="Afgørelse").reply_days == 14


def test_a_reason_that_is_missing_is_asked_for_at_its_field(authority, client):
    from tests.factories import certificates

    certificate = certificates.certificate(organisation=authority.organisation)
    service = f"serviceProtocol: SMTP\n  activeFrom: 2026-01-01T00:00:00Z\n  certificate: {certificate.sha256}"
    url = page(authority, authority.edited(("serviceProtocol: SMTP", service)))
    seen = client.get(url).context["review"].seen
    answer = client.post(url, {"seen": seen, "reason": " "})
    assert answer.context["form"].errors.keys() == {"reason"}
    client.post(url, {"seen": seen, "reason": "Afprøvet af leverandøren"})
    assert authority.system("Post").active_from is not None


def test_no_difference(authority, client):
    text = client.get(page(authority, authority.text)).content.decode()
    assert 'name="seen"' not in text
    assert "Ingen forskel" in text


def test_as_json(authority, client):
    url = page(authority, authority.edited(("replyDays: 14", "replyDays: 21")))
    plan = client.get(url, {"format": "json"}).json()
    assert plan["counts"]["changed"] == 1


@pytest.mark.parametrize("content", ["", "a: [", "x", "adgang: 2\n", "\x00"])
def test_what_is_no_set_up(authority, client, content):
    answer = client.get(page(authority, content))
    assert answer.status_code == 200
    assert answer.context["review"].refused
