"""The commands that take and give the structure as CSV, and the document that describes it."""

import pytest
from django.core.management import CommandError, call_command

from contacts import csv_document
from contacts.models import ContactPoint, Draft
from organisations.models import Event
from tests.contacts.people import authority, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def run(capsys, *arguments, **options):
    call_command(*arguments, **options)
    return capsys.readouterr()


def test_import_and_export(tmp_path, capsys):
    org = authority()
    file = tmp_path / "struktur.csv"
    file.write_text("gruppe;navn;målgrupper\nBorger;Pas;borger\n", encoding="utf-8")
    said = run(capsys, "import_contacts", org.cvr_number, str(file))
    assert "+ gruppe Borger" in said.out
    assert "+ punkt Borger / Pas" in said.out
    assert "2 ændringer." in said.out
    event = Event.objects.get(tag="CONTACTS_IMPORTED")
    assert (event.actor_id, event.organisation_id) == (None, org.pk)
    exported = run(capsys, "export_contacts", org.cvr_number, "--format", "csv").out
    file.write_text(exported, encoding="utf-8")
    assert "0 ændringer." in run(capsys, "import_contacts", org.cvr_number, str(file)).out


def test_a_dry_run_writes_nothing(tmp_path, capsys):
    org = authority()
    point = contacts.point("Gammel", organisation=org)
    file = tmp_path / "struktur.csv"
    file.write_text(f"id;navn\n{point.pk};Ny\n", encoding="utf-8")
    said = run(capsys, "import_contacts", org.cvr_number, str(file), "--dry-run")
    assert "navn: 'Gammel' → 'Ny'" in said.out
    assert ContactPoint.objects.get().name == "Gammel"


def test_faults_end_it_with_one(tmp_path, capsys):
    org = authority()
    file = tmp_path / "struktur.csv"
    file.write_text("navn;farve;aktiv\nA;x;måske\n", encoding="utf-8")
    with pytest.raises(CommandError) as error:
        call_command("import_contacts", org.cvr_number, str(file))
    said = capsys.readouterr().err
    assert error.value.returncode == 1
    assert "række 1, kolonne farve: Der er ingen kolonne" in said
    assert "række 2, kolonne aktiv: “måske” er hverken ja eller nej. [value.yes_no]" in said
    assert not ContactPoint.objects.exists()


def test_a_file_or_organisation_that_is_not_there_ends_it_with_two(tmp_path):
    org = authority()
    for arguments in ((org.cvr_number, str(tmp_path / "none.csv")), ("12345678", str(tmp_path))):
        with pytest.raises(CommandError) as error:
            call_command("import_contacts", *arguments)
        assert error.value.returncode == 2
    with pytest.raises(CommandError) as error:
        call_command("export_contacts", "12345678")
    assert error.value.returncode == 2


def test_the_document_is_current():
    call_command("contact_columns", "--check")


def test_an_old_document_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(csv_document, "PATH", tmp_path / "contact-import.md")
    with pytest.raises(CommandError, match="not current"):
        call_command("contact_columns", "--check")
    call_command("contact_columns")
    call_command("contact_columns", "--check")


def test_into_a_draft(tmp_path, capsys):
    org = authority()
    file = tmp_path / "struktur.csv"
    file.write_text("gruppe;navn;målgrupper\nBorger;Pas;borger\n", encoding="utf-8")
    said = run(capsys, "import_contacts", org.cvr_number, str(file), "--draft", "  Ny   struktur ")
    draft = Draft.objects.get()
    assert (draft.name, draft.changes.count(), ContactPoint.objects.count()) == ("Ny struktur", 2, 0)
    assert "+ punkt Borger / Pas" in said.out
    assert "Det er lagt i kladden Ny struktur: http" in said.out
    assert url(org, "draft_changes", draft.pk) in said.out


@pytest.mark.parametrize("name", [" ", "x" * 101])
def test_a_draft_has_a_name(tmp_path, name):
    with pytest.raises(CommandError):
        call_command("import_contacts", authority().cvr_number, str(tmp_path), f"--draft={name}")
