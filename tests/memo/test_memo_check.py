"""The page on which an organisation checks messages: what is wrong, where, and the message as it reads."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from memo import received
from memo.messages import AdditionalDocument, MainDocument
from organisations.models import Blob, Event
from tests.factories.messages import CPR, CVR, body, file, header, message, written
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.memo.test_containers import letter, packed

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation(cvr_number=CVR)


def url(org):
    return reverse("memo_check", args=[org.cvr_number])


def client(org, role=Role.LETTER_ADMINISTRATOR):
    return client_for(user_with(role, organisation=org))


def checked(org, *contents, names=()):
    names = names or [f"brev{number}.xml" for number in range(len(contents))]
    files = [SimpleUploadedFile(name, content) for name, content in zip(names, contents, strict=True)]
    return client(org).post(url(org), {"messages": files})


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.LETTER_ADMINISTRATOR, 200),
        (Role.ORGANISATION_ADMINISTRATOR, 200),
        (Role.CONTACT_ADMINISTRATOR, 200),
        (Role.READER, 200),
        (Role.STATISTICS_ADMINISTRATOR, 403),
    ],
)
def test_who_may(org, role, status):
    assert client(org, role).get(url(org)).status_code == status
    assert client(organisation(), role).get(url(org)).status_code == 404


def test_a_message_with_nothing_wrong(org):
    text = checked(org, written()).content.decode()
    assert "Meddelelsen kan sendes" in text
    assert "Afgørelse om kontanthjælp" in text
    assert "SELVBETJENING" in text
    assert "bilag 1.pdf" in text
    assert "SHA-256" in text
    assert "Intet af det, I uploader, bliver gemt" in text or "Intet af det" in text


def test_a_finding_leads_to_its_place(org):
    made = message(
        message_header=header(label="x" * 300), message_body=body(main_document=MainDocument(file=(file("a?.pdf"),)))
    )
    text = checked(org, written(made)).content.decode()
    assert "0 af 1 meddelelse" in text
    targets = re.findall(r'<a href="#(p[0-9a-f]{8}-1)">', text)
    assert len(targets) >= 2
    assert all(f'id="{target}"' in text for target in targets)
    assert "/memo:Message/memo:MessageHeader/memo:label" in text
    assert "linje 7" in text


def test_nothing_is_kept(org):
    events = Event.objects.count()
    checked(org, written())
    assert Event.objects.count() == events
    assert not Blob.objects.exists()


def test_cpr_numbers_are_masked(org):
    text = checked(org, written(message(message_header=header(label=f"Om {CPR}")))).content.decode()
    assert "010170xxxx" in text
    assert CPR not in text


def test_what_files_hold_never_becomes_part_of_the_page(org):
    evil = b"<script>alert(1)</script><html>"
    made = message(
        message_body=body(
            main_document=MainDocument(label="<b>x</b>", file=(file("a.html", evil, encoding_format="text/html"),))
        )
    )
    text = checked(org, written(made)).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<b>x</b>" not in text


def test_a_picture_is_drawn_anew(org):
    drawn = io.BytesIO()
    Image.new("RGB", (900, 300), "navy").save(drawn, "PNG", pnginfo=None)
    picture = drawn.getvalue() + b"<?php evil ?>"
    made = message(
        message_body=body(
            additional_document=(AdditionalDocument(file=(file("b.png", picture, encoding_format="image/png"),)),)
        )
    )
    text = checked(org, written(made)).content.decode()
    assert 'src="data:image/png;base64,' in text


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + b"x" * 100, b"GIF89a", b"\xff\xd8\xff\xe0" + b"\0" * 50])
def test_a_broken_picture_is_no_fault_of_ours(org, content):
    made = message(message_body=body(additional_document=(AdditionalDocument(file=(file("b.png", content),)),)))
    assert checked(org, written(made)).status_code == 200


def test_several_files_and_a_container(org):
    response = checked(org, written(), b"hej", packed(letter(), letter()), names=["a.xml", "b.xml", "post.tar.lzma"])
    text = response.content.decode()
    assert "3 af 4 meddelelser kan sendes" in text
    assert "post.tar.lzma: " in text
    assert text.count('<details class="memo-one"') == 4


def test_of_many_the_faulty_are_shown(org, monkeypatch):
    monkeypatch.setattr(received, "SHOWN", 2)
    letters = [letter(), letter(), letter(label="x" * 300)]
    response = checked(org, packed(*letters), names=["post.tar.lzma"])
    text = response.content.decode()
    assert f"{letters[2][0]}.xml" in text
    assert "2 af 3 meddelelser" in text
    assert response.context["checked"].left_out == 1


def test_a_broken_container_is_said(org):
    text = checked(org, packed(letter())[:200], names=["post.tar.lzma"]).content.decode()
    assert "Beholderen slutter for tidligt" in text


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\0" * 1000, b"<a", b"\x5d\0\0\0\1" + b"\xff" * 8])
def test_whatever_comes_is_answered(org, content):
    response = checked(org, content)
    assert response.status_code == 200
    assert not response.context["checked"].is_right


def test_no_file_at_all(org):
    response = client(org).post(url(org), {"csrfmiddlewaretoken": "-"})
    assert response.context["form"].errors["messages"] == ["Vælg mindst én fil."]


def test_too_many_files_are_refused_in_words(org):
    response = checked(org, *([written()] * 21))
    assert "højst 20 filer" in str(response.context["form"].errors)


def test_the_report_can_be_taken_along(org):
    text = checked(org, written()).content.decode()
    assert 'download="memo-rapport.json"' in text
    assert "data:application/json;base64," in text


def test_the_number_of_queries_does_not_grow(org, django_assert_max_num_queries):
    who = client(org)
    files = [SimpleUploadedFile(f"{number}.xml", written()) for number in range(10)]
    with django_assert_max_num_queries(10):
        who.post(url(org), {"messages": files})
