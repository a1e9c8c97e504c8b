"""The pages of the import: a file, its dry run, and applying it."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contacts import import_drafts
from contacts.models import ContactGroup, ContactPoint, ImportDraft
from organisations.models import Blob, Event
from tests.contacts.people import CHANGE, authority, owner, reader, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db

GOOD = b"gruppe;navn;m\xc3\xa5lgrupper\r\nBorger / Ydelser;Pas;borger\r\n"


def upload(client, org, content=GOOD, name="struktur.csv"):
    return client.post(url(org, "structure_import"), {"file": SimpleUploadedFile(name, content)})


def draft(org, content=GOOD):
    return import_drafts.begin(organisation=org, user=None, content=content, filename="struktur.csv")


def test_who_may():
    org = authority()
    assert statuses(org, "structure_import") == CHANGE
    assert statuses(org, "structure_import_review", draft(org).pk) == CHANGE
    assert upload(reader(org), org).status_code == 403
    assert reader(org).post(url(org, "structure_import_review", draft(org).pk)).status_code == 403
    assert not ContactPoint.objects.exists()


def test_a_draft_of_another_organisation_is_not_there():
    org = authority()
    assert owner(org).get(url(org, "structure_import_review", draft(authority()).pk)).status_code == 404


def test_from_file_to_structure():
    org = authority()
    client = owner(org)
    response = upload(client, org)
    page = response.headers["Location"]
    review = client.get(page)
    text = review.content.decode()
    assert "Hvad filen vil gøre" in text
    assert "struktur.csv" in text
    assert "UTF-8" in text
    assert "semikolon" in text
    assert "3 bliver oprettet" in text
    assert not ContactPoint.objects.exists()
    done = client.post(page, {"seen": review.context["seen"]}, follow=True)
    assert "3 ændringer er importeret." in done.content.decode()
    assert ContactPoint.objects.get().name == "Pas"
    assert Event.objects.filter(tag="CONTACTS_IMPORTED").count() == 1
    assert not ImportDraft.objects.exists()
    assert not Blob.objects.exists()


def test_the_file_is_kept_encrypted():
    org = authority()
    upload(owner(org), org)
    blob = Blob.objects.get()
    assert b"Ydelser" not in bytes(blob.encrypted)
    assert blob.content() == GOOD


def test_faults_are_all_shown_and_nothing_can_be_applied():
    org = authority()
    client = owner(org)
    content = "navn;farve;aktiv\r\n;blå;måske\r\n<b>A</b>;;ja\r\n".encode()
    page = upload(client, org, content).headers["Location"]
    review = client.get(page)
    text = review.content.decode()
    assert "Der er fejl i filen" in text
    assert "Ret de 3 fejl i filen" in text
    assert "Der er ingen kolonne, der hedder “farve”." in text
    assert "“måske” er hverken ja eller nej." in text
    assert "Importér det hele" not in text
    assert "<b>A</b>" not in text
    client.post(page, {"seen": review.context["seen"]})
    assert not ContactPoint.objects.exists()
    assert ImportDraft.objects.count() == 1


def test_changes_are_shown_field_by_field():
    org = authority()
    point = contacts.point("Gammel", organisation=org)
    content = f"id;navn;beskrivelse\r\n{point.pk};Ny;\r\n".encode()
    client = owner(org)
    text = client.get(upload(client, org, content).headers["Location"]).content.decode()
    assert "<del>Gammel</del>" in text
    assert "<ins>Ny</ins>" in text
    assert "1 bliver ændret" in text


def test_no_difference_is_said():
    org = authority()
    contacts.point("Pas", organisation=org)
    client = owner(org)
    content = b"".join(client.get(url(org, "structure_export", "csv")))
    text = client.get(upload(client, org, content).headers["Location"]).content.decode()
    assert "Ingen forskel" in text
    assert "Importér det hele" not in text


def test_what_changed_meanwhile_is_shown_before_anything_happens():
    org = authority()
    point = contacts.point("Gammel", organisation=org)
    client = owner(org)
    page = upload(client, org, f"id;navn\r\n{point.pk};Ny\r\n".encode()).headers["Location"]
    seen = client.get(page).context["seen"]
    ContactPoint.objects.update(name="Deres")
    response = client.post(page, {"seen": seen})
    text = response.content.decode()
    assert "Strukturen er ændret i mellemtiden" in text
    assert "<del>Deres</del>" in text
    assert ContactPoint.objects.get().name == "Deres"
    client.post(page, {"seen": response.context["seen"]})
    assert ContactPoint.objects.get().name == "Ny"


def test_nothing_is_applied_unseen():
    org = authority()
    client = owner(org)
    page = upload(client, org).headers["Location"]
    assert "Strukturen er ændret i mellemtiden" in client.post(page).content.decode()
    assert not ContactPoint.objects.exists()


def test_what_exists_can_be_created_anyway():
    org = authority()
    contacts.point("Pas", organisation=org)
    client = owner(org)
    page = upload(client, org, b"navn\r\nPas\r\n").headers["Location"]
    assert '<a href="?opret=alligevel">' in client.get(page).content.decode()
    review = client.get(page + "?opret=alligevel")
    assert review.context["error_count"] == 0
    client.post(page, {"seen": review.context["seen"], "opret": "alligevel"})
    assert ContactPoint.objects.filter(name="Pas").count() == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00", b'a;"b', b"navn\n" + b"x" * 200_000])
def test_what_is_no_file_of_contact_points_is_no_fault_of_ours(content):
    org = authority()
    client = owner(org)
    response = upload(client, org, content)
    if response.status_code == 302:
        response = client.get(response.headers["Location"])
    assert response.status_code == 200
    assert not ContactPoint.objects.exists()


def test_no_file_at_all():
    org = authority()
    response = owner(org).post(url(org, "structure_import"), {"csrfmiddlewaretoken": "-"})
    assert "file" in response.context["form"].errors


def test_drafts_that_nobody_came_back_to_are_dropped():
    org = authority()
    old = draft(org)
    ImportDraft.objects.filter(pk=old.pk).update(created=timezone.now() - dt.timedelta(days=8))
    foreign = draft(authority())
    new = draft(org)
    assert set(ImportDraft.objects.values_list("pk", flat=True)) == {foreign.pk, new.pk}
    assert Blob.objects.count() == 2


def test_a_group_made_in_passing_is_among_the_changes():
    org = authority()
    client = owner(org)
    review = client.get(upload(client, org).headers["Location"])
    assert [change.name for change in review.context["changes"]] == ["Borger", "Ydelser", "Pas"]
    assert ContactGroup.objects.count() == 0
