"""What a message is held against inside an organisation, the report as a file, the evidence, and the skeletons."""

import json
import uuid
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contacts.models import ContactPoint
from memo import building, containers, skeletons
from memo.elements import Version
from memo.models import Evidence
from organisations.models import Event, Organisation
from tests.contacts.people import authority
from tests.factories import contacts, letters, systems
from tests.memo.people import READ, last_event, owner, statuses, url
from tests.memo.test_containers import packed
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

REGISTRY_ID = "2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20"


@pytest.fixture
def org():
    return authority()


@pytest.fixture
def letter(org):
    point = contacts.point("Boligstøtte", organisation=org, registry_id=REGISTRY_ID)
    return letters.letter_type("Afgørelse", point=point, reply_days=14)


def check(org, *contents, letter_type=None, client=None, name="brev.xml"):
    files = [SimpleUploadedFile(name, content) for content in contents]
    data = {"messages": files} | ({"letter_type": str(letter_type.pk)} if letter_type else {})
    return (client or owner(org)).post(url(org, "memo_check"), data)


def codes(response, number=0):
    """Return what was found, but for the check digits of invented numbers."""
    findings = response.context["checked"].messages[number].report.findings
    return {one.code for one in findings if one.severity != "info" and one.code != "memo.id.cvr_check"}


def test_who_may(org):
    assert statuses(org, "memo_check") == READ


@pytest.mark.parametrize("version", list(Version))
def test_what_a_letter_type_yields_is_in_order(org, letter, version):
    response = check(org, letters.message(letter, version=version), letter_type=letter)
    assert codes(response) == set()
    assert response.context["checked"].messages[0].report.valid
    assert "Meddelelsen kan sendes" in text(response)


def test_a_letter_is_held_against_its_type(org, letter):
    content = letters.message(letter)
    other = contacts.point("Skat", organisation=org, registry_id="3f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20")
    wrong = content.replace(REGISTRY_ID.encode(), str(other.registry_id).encode())
    response = check(org, wrong, letter_type=letter)
    assert codes(response) == {"memo.letter.point"}
    assert f"Boligstøtte ({REGISTRY_ID})" in text(response)
    assert codes(check(org, wrong)) == set()


def test_a_letter_is_held_against_the_contact_structure(org, letter):
    content = letters.message(letter)
    point = ContactPoint.objects.get()
    assert codes(check(org, content.replace(REGISTRY_ID.encode(), str(point.pk).encode()))) == {
        "memo.place.point_own_id"
    }
    ContactPoint.objects.update(active=False)
    assert codes(check(org, content)) == {"memo.place.point_inactive"}
    ContactPoint.objects.update(active=True, for_citizens=False, for_companies=True)
    assert codes(check(org, content)) == {"memo.place.point_citizens"}
    ContactPoint.objects.update(registry_id=None)
    assert codes(check(org, content)) == {"memo.place.point_unknown"}
    own = content.replace(REGISTRY_ID.encode(), str(point.pk).encode())
    assert "memo.place.point_provisional" in codes(check(org, own))


def test_another_authority_and_missing_permissions_are_told(org, letter):
    content = letters.message(letter).replace(b"<memo:mandatory>false", b"<memo:mandatory>true")
    assert codes(check(org, content)) == {"memo.place.mandatory"}
    Organisation.objects.update(mandatory_post_allowed=True)
    assert codes(check(org, content)) == set()
    assert codes(check(authority(), content)) >= {"memo.place.sender", "memo.place.point_unknown"}


def test_a_container_shows_its_messages_and_what_is_wrong_with_it(org, letter):
    out = BytesIO()
    one = skeletons.message(letters.with_point(letter), version=Version.V1_1, at=letters.AT)
    content = BytesIO()
    building.write(one, content)
    id_ = one.message_header.message_uuid
    containers.write([(id_, content.getvalue()), (id_, content.getvalue())], out)
    response = check(org, out.getvalue(), name="breve.tar.lzma")
    assert [len(response.context["checked"].messages), codes(response, 1)] == [2, {"memo.container.twice"}]


def test_nothing_is_kept_unless_it_is_asked_for(org, letter):
    client, before = owner(org), Event.objects.count()
    response = check(org, letters.message(letter), client=client)
    assert (Evidence.objects.count(), Event.objects.count()) == (0, before)
    verdict = response.context["checked"].messages[0].signed
    client.post(url(org, "memo_evidence_keep"), {"verdict": verdict, "about": f"type:{letter.pk}"})
    kept = Evidence.objects.get()
    assert (kept.letter_type, kept.about, kept.valid, kept.filename) == (letter, "Afgørelse", True, "brev.xml")
    assert kept.sha256 == response.context["checked"].messages[0].report.sha256
    tag, _before, after = last_event(org)
    assert (tag, after["sha256"]) == ("MEMO_SEND_VALIDATED", kept.sha256)
    assert "brev.xml" in text(client.get(url(org, "letter_type", letter.pk)))


def test_each_message_of_a_container_is_evidence_by_itself(org, letter):
    client = owner(org)
    messages = [letters.message(letter, at=timezone.now()) for _ in range(2)]
    ids = [uuid.UUID(one.split(b"messageUUID>")[1][:36].decode()) for one in messages]
    page = check(org, packed(*zip(ids, messages, strict=True)), client=client, name="breve.tar.lzma")
    verdicts = [one.signed for one in page.context["checked"].messages]
    for verdict in verdicts:
        client.post(url(org, "memo_evidence_keep"), {"verdict": verdict, "about": f"type:{letter.pk}"})
    kept = {(one.filename, one.sha256, one.valid) for one in Evidence.objects.all()}
    assert kept == {
        (f"breve.tar.lzma: {id_}.xml", sha256(one).hexdigest(), True) for id_, one in zip(ids, messages, strict=True)
    }


def test_a_refused_file_is_evidence_too_and_a_system_shows_it(org, letter):
    sender = systems.system(organisation=org, is_sender=True, is_recipient=False, name="Brevsystem")
    client = owner(org)
    response = check(org, b"<a/>", client=client)
    verdict = response.context["checked"].messages[0].signed
    client.post(url(org, "memo_evidence_keep"), {"verdict": verdict, "about": f"system:{sender.pk}"})
    assert last_event(org)[0] == "MEMO_SEND_VALIDATION_FAILED"
    assert (Evidence.objects.get().system, Evidence.objects.get().valid) == (sender, False)
    assert "Dokumentation for, at systemet kan danne MeMo" in text(client.get(url(org, "system", sender.pk)))


def test_a_verdict_that_we_did_not_make_for_them_is_not_kept(org, letter):
    elsewhere = authority()
    foreign = check(elsewhere, letters.message(letter)).context["checked"].messages[0].signed
    client = owner(org)
    for verdict in (foreign, foreign[:-2] + "xx", "", "{}"):
        client.post(url(org, "memo_evidence_keep"), {"verdict": verdict, "about": f"type:{letter.pk}"})
    own = check(org, letters.message(letter), client=client).context["checked"].messages[0].signed
    strangers = letters.letter_type(organisation=elsewhere)
    client.post(url(org, "memo_evidence_keep"), {"verdict": own, "about": f"type:{strangers.pk}"})
    assert not Evidence.objects.exists()
    assert client.get(url(org, "memo_evidence_keep")).status_code == 405


def test_the_report_leaves_as_a_file(org, letter):
    client = owner(org)
    verdict = check(org, b"<memo:Message", client=client).context["checked"].messages[0].signed
    answer = client.post(url(org, "memo_report"), {"verdict": verdict, "format": "json"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="brev.xml.json"'
    report = json.loads(answer.content)
    assert (report["filename"], report["valid"], report["findings"][0]["severity"]) == ("brev.xml", False, "error")
    lines = client.post(url(org, "memo_report"), {"verdict": verdict, "format": "csv"}).content.decode("utf-8-sig")
    assert lines.startswith("Fil;Alvor;Kode;Sti;Linje;")
    assert client.post(url(org, "memo_report"), {"verdict": "nothing"}).status_code == 302


# --- Skeletons and the table ---


def test_skeleton_and_table_tell_the_vendor_everything(org, letter):
    client = owner(org)
    for version in ("1.1", "1.2"):
        answer = client.get(url(org, "letter_type_skeleton", letter.pk, version=version))
        assert f'memoVersion="{version}"' in answer.content.decode()
        assert REGISTRY_ID in answer.content.decode()
    table = client.get(url(org, "letter_type_sheet", letter.pk, format="csv")).content.decode("utf-8-sig")
    assert f"Sender/ContactPoint/contactPointID;{REGISTRY_ID};" in table
    assert REGISTRY_ID in text(client.get(url(org, "letter_type_sheet", letter.pk)))


def test_a_provisional_id_never_leaves_in_a_skeleton(org, letter):
    ContactPoint.objects.update(registry_id=None)
    own = str(ContactPoint.objects.get().pk)
    answer = owner(org).get(url(org, "letter_type_skeleton", letter.pk)).content.decode()
    assert own not in answer
    assert "<!-- Kontaktpunktet for retursvar har endnu ikke et ID" in answer
    assert own not in text(owner(org).get(url(org, "letter_type_sheet", letter.pk)))
