"""The command that loads the list of a classification, and what follows from it."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import Workbook

from contacts import code_lists
from contacts.forms.points import PointEditForm
from contacts.models import CodeType, ListedCode
from contacts.values import Code, PointValues
from organisations.event_tags import Tag
from organisations.models import Event
from tests.contacts.people import CHANGE, authority, filled, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db

LIST = """kode;navn;gyldig fra;gyldig til;andet
90.01.02;Svaneflokke;01-01-2020;;x
90.01.04;Blæksprutter;2020-01-01;31.12.2022;
90.02.00;Søheste;;;
"""


@pytest.fixture
def load(tmp_path, capsys):
    def run(content, type_="KLE", name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8-sig"))
        call_command("load_codes", type_, path)
        return capsys.readouterr().out.strip()

    return run


def test_a_list_is_loaded_once_and_again_without_a_difference(load):
    assert load(LIST) == "KLE: 3 nye, 0 ændrede, 0 uændrede, 0 forældede."
    octopus = ListedCode.objects.get(code="90.01.04")
    assert (octopus.name, octopus.valid_from, octopus.valid_to) == (
        "Blæksprutter",
        dt.date(2020, 1, 1),
        dt.date(2022, 12, 31),
    )
    assert load(LIST) == "KLE: 0 nye, 0 ændrede, 3 uændrede, 0 forældede."
    assert Event.objects.filter(tag=Tag.CODES_LOADED).count() == 1


def test_what_a_later_list_lacks_is_kept_as_obsolete_and_may_come_back(load):
    load(LIST)
    shorter = "kode;navn\n90.01.02;Svaner\n90.02.00;Søheste\n"
    assert load(shorter) == "KLE: 0 nye, 1 ændrede, 1 uændrede, 1 forældede."
    day = timezone.localdate()
    assert [one.code for one in ListedCode.objects.obsolete(day)] == ["90.01.04"]
    assert ListedCode.objects.in_use(day).count() == 2
    load("kode;navn\n90.01.02;Svaner\n90.01.04;Blæksprutter\n90.02.00;Søheste\n")
    assert not ListedCode.objects.obsolete(day).exists()


def test_excel_and_windows_1252(load):
    book = Workbook()
    for row in (["Kode", "Navn", "Gyldig til"], ["90.01.02.04", "Ærøbåde", dt.date(2030, 1, 1)]):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    load(out.getvalue(), "FORM", "list.xlsx")
    assert ListedCode.objects.get(type="FORM").valid_to == dt.date(2030, 1, 1)
    load("code,name\n90.01.02.05,Åer\n".encode("cp1252"), "FORM")
    assert ListedCode.objects.get(code="90.01.02.05").name == "Åer"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a;b\n", "codes.columns"),
        ("kode;navn\n", "file.empty"),
        ("", "codes.columns"),
        ("kode;navn\n9.1.2;Svaner\n", "codes.form"),
        ("kode;navn\n90.01.02;\n", "codes.name"),
        ("kode;navn\n90.01.02;A\n90.01.02;B\n", "codes.twice"),
        ("kode;navn;gyldig fra\n90.01.02;A;i går\n", "codes.date"),
        (b"PK\x03\x04nonsense", "file.damaged"),
    ],
)
def test_a_faulty_list_changes_nothing_and_says_why(load, content, code, capsys):
    load(LIST)
    with pytest.raises(CommandError) as refused:
        load(content)
    assert refused.value.returncode == 1
    assert f"[{code}]" in capsys.readouterr().err
    assert ListedCode.objects.count() == 3


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("load_codes", "KLE", tmp_path / "none.csv")
    assert refused.value.returncode == 2


# --- What follows from a list ---


def test_a_new_code_must_be_in_the_list_and_takes_its_name(load):
    load(LIST)
    org = authority()
    point = contacts.point("A", organisation=org)
    client, page = owner(org), url(org, "point_edit", point.pk)
    answer = client.post(page, filled(client, page) | {"codes": "KLE:90.77.00"})
    assert "90.77.00 findes ikke på listen over KLE-koder." in answer.content.decode()
    assert "KLE:90.77.00" in answer.content.decode()
    client.post(page, filled(client, page) | {"codes": "KLE:90.01.02 G01\nFORM:90.77.00.01"})
    assert [(one.code, one.name) for one in point.codes.all()] == [("90.01.02 G01", "Svaneflokke"), ("90.77.00.01", "")]


def test_a_code_that_was_there_before_the_list_may_stay(load):
    org = authority()
    point = contacts.point("A", organisation=org, codes=(Code(type="KLE", code="90.77.00"),))
    load(LIST)
    client, page = owner(org), url(org, "point_edit", point.pk)
    assert client.post(page, filled(client, page) | {"description": "Ny tekst"}).status_code == 302
    form = PointEditForm(instance=point, organisation=org, values=PointValues.of(point))
    assert form.fields["codes"].widget.url == url(org, "structure_codes")


def test_an_import_names_the_codes_that_no_list_knows(load):
    from contacts import importing

    load(LIST)
    org = authority()
    rows = "navn;koder\r\nA;KLE:90.77.00\r\nB;KLE:90.01.02\r\n"
    plan = importing.dry_run(organisation=org, content=rows.encode("utf-8-sig"))
    assert [(one.row, one.finding.code) for one in plan.findings.found if one.finding.code == "code.unlisted"] == [
        (2, "code.unlisted")
    ]


def test_offered_by_code_and_by_name_without_the_obsolete(load):
    load(LIST)
    assert [one.code for one in code_lists.offered("90.0")] == ["90.01.02", "90.02.00"]
    assert [one.code for one in code_lists.offered("soeheste")] == ["90.02.00"]
    assert code_lists.offered("blæk") == []
    assert code_lists.offered(" ") == []
    assert [str(fault) for _code, fault in code_lists.faults([Code(type=CodeType.GLN, code="5790000000005")])] == []


# --- structure_codes ---


def test_who_may_ask_for_codes():
    assert statuses(authority(), "structure_codes") == CHANGE


def test_the_options_carry_the_line_that_writes_them(load):
    load(LIST)
    org = authority()
    text = owner(org).get(url(org, "structure_codes", q="svane", id="id_codes-found")).content.decode()
    assert 'id="id_codes-found-1" data-line="KLE:90.01.02::Svaneflokke"' in text
    hostile = owner(org).get(url(org, "structure_codes", q="svane", id="x%22%3E")).content.decode()
    assert 'id="code-1"' in hostile
