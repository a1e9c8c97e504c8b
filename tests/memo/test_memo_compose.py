"""The form from which a message is built: what comes out is right, and nothing is kept."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from memo import containers
from memo.elements import Version
from memo.letter_place import OrganisationPlace
from organisations.models import Blob, Event
from tests.factories import contacts, letters
from tests.factories.messages import CPR, PDF, check
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db
REGISTRY_ID = "2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20"


@pytest.fixture
def org():
    return organisation(name="Klitby Kommune", cvr_number="13585628")


def url(org):
    return reverse("memo_compose", args=[org.cvr_number])


def client(org, role=Role.LETTER_ADMINISTRATOR):
    return client_for(user_with(role, organisation=org))


def post(org, **changes):
    given = {
        "version": "1.1",
        "message_type": "DIGITALPOST",
        "label": "Prøvebrev",
        "id_type": "CPR",
        "recipient_id": CPR,
        "language": "da",
        "count": "1",
        "main": SimpleUploadedFile("brev.pdf", PDF),
    }
    return client(org).post(url(org), {k: v for k, v in (given | changes).items() if v is not None})


def built(response):
    content = b"".join(response)
    return content, check(content, at=timezone.now(), keep=10_000)


def test_who_may(org):
    assert client(org).get(url(org)).status_code == 200
    assert client(org, Role.STATISTICS_ADMINISTRATOR).get(url(org)).status_code == 403
    assert client(organisation()).get(url(org)).status_code == 404


@pytest.mark.parametrize("version", list(Version))
def test_a_letter_with_everything(org, version):
    point = contacts.point("Kontanthjælp", organisation=org, registry_id=REGISTRY_ID)
    response = post(
        org,
        version=version.value,
        notification="Der er post",
        reply="on",
        point=point.pk,
        contact_info="Sagsnummer: 42\nMatrikel: 7a",
        additional=[SimpleUploadedFile("bilag.txt", b"Hej"), SimpleUploadedFile("bilag2.pdf", PDF)],
    )
    assert response.headers["Content-Disposition"].endswith('.xml"')
    _content, report = built(response)
    assert [one.code for one in report.findings if one.severity != "info"] == []
    assert report.version is version
    sender = report.message.message_header.sender
    assert (sender.sender_id, sender.contact_point.contact_point_id) == ("13585628", REGISTRY_ID)
    assert [one.value for one in sender.contact_point.contact_info] == ["42", "7a"]
    assert [one.content for one in report.message.files()] == [PDF, b"Hej", PDF]


def test_a_nemsms(org):
    response = post(org, message_type="NEMSMS", notification="Husk din tid", main=None)
    _content, report = built(response)
    assert report.valid
    assert report.message.message_body is None


def test_several_come_in_a_container(org):
    response = post(org, count="3")
    assert response.headers["Content-Disposition"].endswith('.tar.lzma"')
    *entries, outcome = containers.check_container(io.BytesIO(b"".join(response)), at=timezone.now())
    assert outcome.entries == 3
    assert all(entry.report.valid for entry in entries)
    assert len({entry.name for entry in entries}) == 3


def test_a_large_document_is_streamed_from_disk(org):
    content = PDF + b"x" * 4_000_000
    _content, report = built(post(org, main=SimpleUploadedFile("stor.pdf", content)))
    assert report.valid
    assert next(report.message.files()).size == len(content)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"main": None}, "main"),
        ({"message_type": "NEMSMS", "main": None}, "notification"),
        ({"recipient_id": "010170-123"}, "recipient_id"),
        ({"id_type": "CVR"}, "recipient_id"),
        ({"reply": "on"}, "point"),
        ({"contact_info": "uden kolon"}, "contact_info"),
        ({"contact_info": "a: 1\nb: 2\nc: 3"}, "contact_info"),
        ({"label": ""}, "label"),
        ({"count": "101"}, "count"),
        ({"point": "00000000-0000-0000-0000-000000000000"}, "point"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(org, changes, field):
    response = post(org, **changes)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    if changes.get("label") != "":
        assert "Prøvebrev" in response.content.decode()


def test_what_the_check_refuses_is_not_given_out(org):
    response = post(org, main=SimpleUploadedFile("program.exe", b"MZ"))
    assert "er ikke tilladt" in response.content.decode()


def test_a_point_of_another_organisation_cannot_be_chosen(org):
    point = contacts.point("Fremmed", organisation=organisation())
    assert "point" in post(org, reply="on", point=point.pk).context["form"].errors


def test_what_the_organisation_may_not_send_is_not_set(org):
    _content, report = built(post(org, mandatory="on", legal_notification="on"))
    header = report.message.message_header
    assert (header.mandatory, header.legal_notification) == (False, False)
    org.mandatory_post_allowed = True
    org.save()
    assert built(post(org, mandatory="on"))[1].message.message_header.mandatory is True


def test_nothing_is_kept(org):
    events = Event.objects.count()
    built(post(org))
    assert Event.objects.count() == events
    assert not Blob.objects.exists()


def test_a_message_is_begun_from_a_letter_type(org):
    point = contacts.point("Boligstøtte", organisation=org, registry_id=REGISTRY_ID)
    made = letters.letter_type(
        "Afgørelse",
        point=point,
        reply_days=14,
        post_type="AFG",
        codes=["KLE:32.03.02:2025:Boligstøtte"],
        actions=["SELVBETJENING | Ansøg nu | https://example.dk/"],
        contact_info=["Sagsnummer"],
    )
    asked = client(org).get(url(org), {"brevtype": str(made.pk)})
    assert "Udfyldt fra brevtypen Afgørelse" in asked.content.decode()
    given = {name: field.value() for name, field in ((one.html_name, one) for one in asked.context["form"])}
    assert (given["label"], given["point"], given["contact_info"]) == ("Afgørelse", point.pk, "Sagsnummer: ")
    assert given["reply_by"].date() == timezone.localdate() + dt.timedelta(days=14)
    answer = post(
        org,
        label="Afgørelse",
        letter_type=str(made.pk),
        reply="on",
        point=str(point.pk),
        post_type="AFG",
        reply_by="31.12.2099 12.00",
        contact_info="Sagsnummer: 42",
    )
    content, report = built(answer)
    assert report.valid
    place = OrganisationPlace(org, letter_type=letters.with_point(made))
    assert [one.code for one in check(content, at=timezone.now(), place=place).findings if one.severity != "info"] == []


def test_a_strangers_letter_type_is_passed_over(org):
    strangers = letters.letter_type("Hemmelig")
    for asked in (str(strangers.pk), "x", ""):
        assert "Hemmelig" not in client(org).get(url(org), {"brevtype": asked}).content.decode()
    assert post(org, letter_type=str(strangers.pk)).context["form"].errors.keys() == {"letter_type"}
