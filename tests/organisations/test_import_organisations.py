"""Many organisations from a file: all or none, every fault at once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from organisations.callers import Caller
from organisations.importing import import_organisations
from organisations.models import Event, Invitation, Mail, Organisation
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db

WHO = Caller.command("import_organisations")
GOOD = (
    "cvr;navn;myndighedstype;brugeradministrator;brugeradministrator e-mail\r\n"
    "90 00 00 04;Skovby Kommune;municipality;Bo Skabelon;bo@example.org\r\n"
    "10000009;'=Øst;STATE;;\r\n"
)


def faults(text):
    content = text if isinstance(text, bytes) else text.encode()
    found = import_organisations(content, caller=WHO).faults
    return [(fault.row, fault.column, fault.finding.code) for fault in found]


def run(path, **options):
    out, err = StringIO(), StringIO()
    call_command("import_organisations", path, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "myndigheder.csv"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    return path


def test_organisations_and_their_first_administrators(file):
    out, err = run(file)
    assert out.splitlines() == [
        "Oprettet: 90000004 Skovby Kommune",
        "Oprettet: 10000009 =Øst",
        "Inviteret: bo@example.org",
        "2 organisationer oprettet.",
    ]
    assert err == ""
    made = Organisation.objects.get(cvr_number="90000004")
    assert (made.name, made.type, made.authority_type) == ("Skovby Kommune", "AUTHORITY", "MUNICIPALITY")
    assert Invitation.objects.get().roles == ["ORGANISATION_USER_ADMINISTRATOR"]
    assert Mail.objects.get().to == "bo@example.org"
    assert Event.objects.filter(tag="ORGANISATION_CREATED").count() == 4


def test_a_trial_does_nothing(file):
    out, _err = run(file, dry_run=True)
    assert out.endswith("2 organisationer oprettet. Det var en prøve: Intet er gemt.\n")
    assert (Organisation.objects.count(), Event.objects.count(), Mail.objects.count()) == (0, 0, 0)


def test_the_same_file_again_changes_nothing(file):
    run(file)
    before = Event.objects.count()
    out, _err = run(file)
    assert out.splitlines()[0] == "Findes allerede og er ikke rørt: 90000004 Skovby Kommune"
    assert Event.objects.count() == before


def test_every_fault_is_told_with_row_column_and_cure_and_nothing_is_kept(tmp_path):
    path = tmp_path / "fejl.csv"
    path.write_text(
        "cvr_number,name,type,authority_type,legal_contact_email\n"
        "1234,Nord,AUTHORITY,STATE,\n"
        "90000004,,FORENING,STATE,ikke en adresse\n"
        "90000004,Syd,COMPANY,STATE,\n",
        encoding="utf-8",
    )
    err = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_organisations", path, stderr=err)
    assert error.value.returncode == 1
    assert err.getvalue().splitlines() == [
        "Række 2, kolonne cvr_number: »1234« er ikke et CVR-nummer. Skriv CVR-nummeret med 8 cifre.",
        "Række 3, kolonne name: Der står ikke noget i kolonnen. Udfyld cellen.",
        "Række 3, kolonne type: »FORENING« kan ikke stå her. Brug en af: AUTHORITY, COMPANY.",
        "Række 3, kolonne legal_contact_email: »ikke en adresse« er ikke en e-mailadresse. "
        "Skriv en adresse som navn@eksempel.dk.",
        "Række 4, kolonne authority_type: En virksomhed har ingen myndighedstype. Lad cellen stå tom.",
        "Række 4, kolonne cvr_number: 90000004 står to gange i filen. Fjern den ene række.",
    ]
    assert Organisation.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "cvr_number", "import.missing_column"), (1, "name", "import.missing_column")]),
        ("cvr;navn\n", [(1, "", "import.empty")]),
        ("cvr;navn\n;;\n", [(1, "", "import.empty")]),
        ("cvr;navn;farve\n90000004;A;blå\n", [(1, "farve", "import.unknown_column")]),
        (b"cvr;navn\n90000004;\xe6\n", [(1, "", "import.not_text")]),
        ("cvr;navn\n90000004;" + "x" * 201, [(2, "name", "import.too_long")]),
        (
            f"cvr;navn;brugeradministrator;brugeradministrator e-mail\n90000004;A;{'x' * 201};a@{'b.' * 140}dk",
            [(2, "administrator_name", "import.too_long"), (2, "administrator_email", "import.too_long")],
        ),
        ("cvr;navn\n90000004;" + "x" * 200_000, [(2, "", "import.too_long")]),
        ("cvr;navn\n90000004;A\0B", [(1, "", "import.not_text")]),
        ("cvr;navn;brugeradministrator\n90000004;A;Bo", [(2, "administrator_email", "import.missing")]),
    ],
)
def test_files_that_cannot_be_taken(text, expected):
    assert faults(text) == expected


def test_the_check_of_cvr_numbers_warns_in_test_and_refuses_in_production(tmp_path, settings):
    path = tmp_path / "a.csv"
    path.write_text("cvr;navn\n90000005;A\n")
    out, err = run(path)
    assert err == "Advarsel: 90000005 A består ikke kontrollen af CVR-numre.\n"
    assert "Oprettet" in out
    settings.ADGANG_ENVIRONMENT = "production"
    assert faults("cvr;navn\n90000006;A\n") == [(2, "cvr_number", "cvr.check_failed")]


@pytest.mark.parametrize("content", [b"cvr;navn\r90000004;A B\r", b'cvr;navn\r\n90000004;"A\r\nB"'])
def test_line_ends_of_any_system_and_none_within_a_name(content):
    assert import_organisations(content, caller=WHO).created == ["90000004 A B"]


def test_an_unreadable_file_is_wrong_usage(tmp_path):
    with pytest.raises(CommandError) as error:
        run(tmp_path / "none.csv")
    assert error.value.returncode == 2


def test_an_existing_organisation_is_left_alone():
    organisation(cvr_number="90000004", name="Den gamle")
    done = import_organisations(b"cvr;navn\n90000004;Den nye\n", caller=WHO)
    assert (done.created, done.present) == ([], ["90000004 Den nye"])
    assert Organisation.objects.get().name == "Den gamle"


class AnyBytes(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=300) | st.text(alphabet="cvrna;,\n\"'=+ 90øæ", max_size=200).map(str.encode))
    def test_any_file_ends_in_faults_or_organisations(self, content):
        done = import_organisations(content, caller=WHO, dry_run=True)
        assert bool(done.faults) != bool(done.created or done.present)
