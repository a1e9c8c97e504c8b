"""The pages of the import: a file, its dry run, and applying it."""

import datetime as dt
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contacts import exporting, import_jobs, importing, uploaded_files
from contacts.drafts import lifecycle, publishing
from contacts.models import ContactGroup, ContactPoint, Draft, UploadedFile
from contacts.reviewing import Review
from organisations import jobs, tasks
from organisations.models import Blob, Event, Job
from tests.contacts.drafting import add_group, begin, edit
from tests.contacts.people import CHANGE, authority, owner, reader, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db

GOOD = b"gruppe;navn;m\xc3\xa5lgrupper\r\nBorger / Ydelser;Pas;borger\r\n"


def upload(client, org, content=GOOD, name="struktur.csv"):
    return client.post(url(org, "structure_import"), {"file": SimpleUploadedFile(name, content)})


def uploaded(org, content=GOOD):
    return uploaded_files.begin(organisation=org, user=None, content=content, filename="struktur.csv")


def test_who_may():
    org = authority()
    assert statuses(org, "structure_import") == CHANGE
    assert statuses(org, "structure_import_review", uploaded(org).pk) == CHANGE
    assert upload(reader(org), org).status_code == 403
    assert reader(org).post(url(org, "structure_import_review", uploaded(org).pk)).status_code == 403
    assert not ContactPoint.objects.exists()


def test_a_draft_of_another_organisation_is_not_there():
    org = authority()
    assert owner(org).get(url(org, "structure_import_review", uploaded(authority()).pk)).status_code == 404


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
    assert not UploadedFile.objects.exists()
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
    assert UploadedFile.objects.count() == 1


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
    assert review.context["review"].error_count == 0
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
    old = uploaded(org)
    UploadedFile.objects.filter(pk=old.pk).update(created=timezone.now() - dt.timedelta(days=8))
    foreign = uploaded(authority())
    new = uploaded(org)
    assert set(UploadedFile.objects.values_list("pk", flat=True)) == {foreign.pk, new.pk}
    assert Blob.objects.count() == 2


def test_a_group_made_in_passing_is_among_the_changes():
    org = authority()
    client = owner(org)
    review = client.get(upload(client, org).headers["Location"])
    assert [change.name for change in review.context["review"].changes] == ["Borger", "Ydelser", "Pas"]
    assert ContactGroup.objects.count() == 0


# --- Large files: a worker reads them, and a worker carries them out ---


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(import_jobs, "LARGE", 0)


def work(org):
    """Let a worker take what waits."""
    for job in Job.objects.filter(organisation=org, status="QUEUED"):
        tasks.run_job(job_id=str(job.pk))


def test_a_large_file_is_read_and_carried_out_by_workers(large):
    org = authority()
    client = owner(org)
    page = upload(client, org).headers["Location"]
    waiting = client.get(page).content.decode()
    assert "Importen er i gang" in waiting
    assert "Du kan forlade siden" in waiting
    assert client.get(page, {"seen": client.get(page).context["job_seen"]}).status_code == 204
    work(org)
    assert client.get(page, {"seen": "før"}).headers["HX-Refresh"] == "true"
    review = client.get(page)
    assert "3 bliver oprettet" in review.content.decode()
    assert not ContactPoint.objects.exists()
    assert client.post(page, {"seen": review.context["seen"]}).headers["Location"] == page
    work(org)
    assert "3 ændringer er importeret." in client.get(page, follow=True).content.decode()
    assert ContactPoint.objects.get().name == "Pas"
    assert not UploadedFile.objects.exists()
    event = Event.objects.get(tag="CONTACTS_IMPORTED")
    assert event.actor_id == Job.objects.latest("created").requested_by_id


def test_a_workbook_is_always_read_by_a_worker():
    org = authority()
    content = b"".join(exporting.template(exporting.Format.XLSX))
    response = upload(owner(org), org, content, name="struktur.XLSX")
    work(org)
    assert "bliver oprettet" in owner(org).get(response.headers["Location"]).content.decode()


def test_a_second_click_asks_for_nothing_new(large):
    org = authority()
    client = owner(org)
    page = upload(client, org).headers["Location"]
    work(org)
    seen = client.get(page).context["seen"]
    client.post(page, {"seen": seen})
    client.post(page, {"seen": seen})
    work(org)
    assert Job.objects.filter(kind=import_jobs.APPLY).count() == 1
    assert ContactPoint.objects.count() == 1


def test_what_changed_meanwhile_is_shown_again_after_the_worker(large):
    org = authority()
    point = contacts.point("Gammel", organisation=org)
    client = owner(org)
    page = upload(client, org, f"id;navn\r\n{point.pk};Ny\r\n".encode()).headers["Location"]
    work(org)
    seen = client.get(page).context["seen"]
    ContactPoint.objects.update(name="Deres")
    client.post(page, {"seen": seen})
    work(org)
    review = client.get(page)
    assert "Strukturen er ændret i mellemtiden" in review.content.decode()
    assert "<del>Deres</del>" in review.content.decode()
    client.post(page, {"seen": review.context["seen"]})
    work(org)
    client.get(page)
    assert ContactPoint.objects.get().name == "Ny"


def test_faults_of_a_large_file_are_shown_with_a_way_on(large):
    org = authority()
    contacts.point("Pas", organisation=org)
    client = owner(org)
    page = upload(client, org, b"navn\r\nPas\r\n").headers["Location"]
    work(org)
    review = client.get(page)
    assert "Ret fejlen i filen" in review.content.decode()
    assert '<a href="?opret=alligevel">' not in review.content.decode()
    client.post(page, {"again": "", "opret": "alligevel"})
    work(org)
    client.post(page, {"seen": client.get(page).context["seen"], "opret": "alligevel"})
    work(org)
    client.get(page)
    assert ContactPoint.objects.filter(name="Pas").count() == 2


def test_a_worker_that_is_given_up_is_said(large):
    org = authority()
    client = owner(org)
    page = upload(client, org).headers["Location"]
    jobs.fail(Job.objects.get(), jobs.NOT_STARTED)
    text = client.get(page).content.decode()
    assert "Importen blev ikke gennemført" in text
    assert "Ingen baggrundsproces tog arbejdet" in text
    assert "Vælg en anden fil" in text


def test_a_review_is_kept_as_it_was():
    org = authority()
    point = contacts.point("Gammel", organisation=org, search_terms=("a",))
    content = f"id;navn;koder;farve\r\n{point.pk};{'N' * 900};KLE:1;x\r\n".encode()
    review = Review.of(importing.dry_run(organisation=org, content=content))
    again = Review.from_json(json.loads(json.dumps(review.as_json())))
    assert again.error_count == review.error_count > 1
    assert [one.finding.message for one in again.errors] == [one.finding.message for one in review.errors]
    assert (again.changes, again.change_count, again.seen) == (review.changes, 1, review.seen)


# --- Into a draft ---


def many(count):
    """A file that makes so many groups and points."""
    return "gruppe;navn;målgrupper\r\n".encode() + b"".join(
        f"Borger;Punkt {number};borger\r\n".encode() for number in range(count - 1)
    )


def buttons(response):
    """Where the first and second button put the changes."""
    return re.findall(r'name="hvor" value="(\w+)"', response.content.decode())


def test_many_changes_are_proposed_for_a_draft_and_few_for_the_structure():
    org = authority()
    client = owner(org)
    few = client.get(upload(client, org, many(50)).headers["Location"])
    assert buttons(few) == ["straks", "kladde"]
    many_more = client.get(upload(client, org, many(51)).headers["Location"])
    assert buttons(many_more) == ["kladde", "straks"]
    assert "Udgiv straks" in many_more.content.decode()


def test_into_a_new_draft_named_after_the_file():
    org = authority()
    client = owner(org)
    page = upload(client, org, many(60), name="omlægning 2027.csv").headers["Location"]
    done = client.post(page, {"seen": client.get(page).context["seen"], "hvor": "kladde"}, follow=True)
    draft = Draft.objects.get()
    assert done.redirect_chain[-1][0] == url(org, "draft_changes", draft.pk)
    assert "60 ændringer er lagt i kladden omlægning 2027.csv." in done.content.decode()
    assert (draft.name, draft.changes.count(), ContactPoint.objects.count()) == ("omlægning 2027.csv", 60, 0)
    assert not UploadedFile.objects.exists()
    publishing.publish(caller=CALLER, draft=draft)
    group = ContactGroup.objects.get()
    assert contacts.names_below(org, group) == [f"Punkt {number}" for number in range(59)]


def test_into_an_open_draft_compared_with_what_it_makes():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft = begin(org, "Min kladde")
    edit(draft, point.pk, name="Kørekort")
    made = add_group(draft, "Ny gruppe")
    client = owner(org)
    content = f"type;id;navn\r\npunkt;{point.pk};Pas\r\ngruppe;{made};Nyere gruppe\r\n".encode()
    page = upload(client, org, content).headers["Location"]
    assert [one.finding.code for one in client.get(page).context["review"].errors] == ["row.id_unknown"]
    review = client.get(page, {"kladde": draft.pk})
    text = review.content.decode()
    assert "<del>Kørekort</del>" in text
    assert "<ins>Nyere gruppe</ins>" in text
    assert "Læg det i kladden Min kladde" in text
    assert buttons(review) == []
    client.post(page, {"seen": review.context["seen"], "kladde": draft.pk})
    after = lifecycle.read(draft).after
    assert after.groups[made].values.name == "Nyere gruppe"
    assert draft.changes.count() == 1
    assert ContactPoint.objects.get().name == "Pas"


def test_what_changed_in_the_draft_meanwhile_is_shown_first():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft = begin(org)
    client = owner(org)
    page = upload(client, org, f"id;navn\r\n{point.pk};Ny\r\n".encode()).headers["Location"]
    seen = client.get(page, {"kladde": draft.pk}).context["seen"]
    edit(draft, point.pk, name="Andet")
    response = client.post(page, {"seen": seen, "kladde": draft.pk})
    assert "Strukturen er ændret i mellemtiden" in response.content.decode()
    assert "<del>Andet</del>" in response.content.decode()
    assert Draft.objects.count() == 1


def test_a_closed_or_foreign_draft_is_as_none():
    org = authority()
    draft, foreign = begin(org), begin(authority())
    client = owner(org)
    page = upload(client, org).headers["Location"]
    lifecycle.discard(caller=CALLER, draft=draft, version=draft.version)
    for chosen in (draft.pk, foreign.pk, "vrøvl"):
        response = client.get(page, {"kladde": chosen})
        assert (response.context["draft"], response.context["drafts"]) == (None, [])


def test_a_worker_puts_a_large_file_into_a_draft(large):
    org = authority()
    client = owner(org)
    page = upload(client, org).headers["Location"]
    work(org)
    client.post(page, {"seen": client.get(page).context["seen"], "hvor": "kladde"})
    work(org)
    done = client.get(page, follow=True)
    draft = Draft.objects.get()
    assert done.redirect_chain[-1][0] == url(org, "draft_changes", draft.pk)
    assert (draft.changes.count(), ContactPoint.objects.count()) == (3, 0)
    assert not UploadedFile.objects.exists()


def test_a_worker_compares_a_large_file_with_a_draft_and_finds_it_closed(large):
    org = authority()
    draft = begin(org)
    add_group(draft, "Borger")
    client = owner(org)
    page = upload(client, org).headers["Location"]
    work(org)
    client.post(page, {"again": "", "kladde": draft.pk})
    work(org)
    review = client.get(page)
    assert [change.name for change in review.context["review"].changes] == ["Ydelser", "Pas"]
    client.post(page, {"seen": review.context["seen"], "kladde": draft.pk})
    draft.refresh_from_db()
    lifecycle.discard(caller=CALLER, draft=draft, version=draft.version)
    work(org)
    assert client.get(page).headers["Location"] == page
    work(org)
    answer = client.get(page).content.decode()
    assert "så intet er lagt i den. Vælg igen." in answer
    assert "3 bliver oprettet" in answer
