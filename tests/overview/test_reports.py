"""What the overview gives beside its page: `problems`, `readiness_report`, `process_guide`, `process_guide_file`."""

import csv
import io
from zipfile import ZIP_STORED, ZipFile

import pytest
from django.urls import reverse
from lxml import etree

from adgang.lib import odt, pdf
from adgang.lib.documents import Document, Heading, Paragraph, Table
from adgang.overview import problems
from organisations.models import Event, Invitation, ReadinessLine
from tests.factories.organisations import Role, client_for, organisation, terms, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    terms()
    return organisation(name="Æblerød & Sønner Kommune", accepted=False)


@pytest.fixture
def reader(org):
    return client_for(user_with(Role.READER, organisation=org))


def address(name, org, query=""):
    return reverse(name, args=[org.cvr_number]) + query


def test_every_problem_with_its_cure_and_its_room(org, reader):
    page = text(reader.get(address("problems", org)))
    assert "Fejl" in page
    assert "Tilslutningsvilkårene er ikke godkendt." in page
    assert "Myndighed, brugere og rettigheder" in page


def test_narrowed_by_room_and_weight(org, reader):
    every = problems.found(org)
    context = reader.get(address("problems", org, "?room=organisations&weight=ERROR")).context
    wanted = [one for one in every if one.room == "organisations" and one.problem.weight.name == "ERROR"]
    assert [one.problem.text for one in context["problems"]] == [one.problem.text for one in wanted]
    assert wanted
    assert len(reader.get(address("problems", org, "?room=x&weight=y")).context["problems"]) == len(every)
    nothing = text(reader.get(address("problems", org, "?room=memo")))
    assert "Intet fundet" in nothing


def test_every_filling_has_a_room_with_a_name():
    from adgang.lib import slots

    assert {filling.__module__.split(".")[0] for filling in slots.fillings("open_problems")} <= problems.ROOMS.keys()


def test_as_csv(org, reader):
    content = b"".join(reader.get(address("problems", org, "?format=csv"))).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert rows[0] == ["Alvor", "Hvor", "Hvad er galt", "Hvad I skal gøre", "Adresse"]
    assert len(rows) == len(problems.found(org)) + 1
    assert rows[1][4].startswith("http")


def test_the_report_is_a_pdf_with_title_language_and_text(org, reader):
    ReadinessLine.objects.create(organisation=org, key="identification", responsible_name="Lone Lærke <b>")
    response = reader.get(address("readiness_report", org))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith('attachment; filename="parathedsrapport-')
    content = response.content
    assert content.startswith(b"%PDF-")
    assert b"/Lang (da)" in content
    assert b"/Outlines" in content
    assert b"/ToUnicode" in content
    assert Event.objects.filter(organisation_id=org.pk, tag="LIST_EXPORTED").count() == 1


def test_the_guide_to_print(org, reader):
    assert reader.get(address("process_guide", org)).content.startswith(b"%PDF-")


def opened(content):
    file = ZipFile(io.BytesIO(content))
    return file, {name: etree.fromstring(file.read(name)) for name in file.namelist() if name.endswith(".xml")}


def test_the_guide_to_adapt_is_an_open_document(org, reader):
    ReadinessLine.objects.create(organisation=org, step=1, text="Vores egen <linje> & mere")
    response = reader.get(address("process_guide_file", org))
    file, parts = opened(response.content)
    first = file.infolist()[0]
    assert (first.filename, first.compress_type, file.read("mimetype").decode()) == (
        "mimetype",
        ZIP_STORED,
        response["Content-Type"],
    )
    listed = parts["META-INF/manifest.xml"].xpath("//@*[local-name()='full-path']")
    assert set(listed) == {"/", *file.namelist()} - {"mimetype", "META-INF/manifest.xml"}
    content = " ".join(parts["content.xml"].itertext())
    assert "Æblerød & Sønner Kommune" in content
    assert "Vores egen <linje> & mere" in content
    assert "Trin 2: Opsætning af afsender- og modtagersystemer" in content
    headings = parts["content.xml"].xpath("//@*[local-name()='outline-level']")
    assert headings[0] == "1"
    assert set(headings[1:]) == {"2"}


def test_every_style_that_is_used_is_there():
    table = Table(["A"], [["1"], ["2"]], (1,))
    document = Document(
        title="T", language="da", foot="F", blocks=[Heading("H", level=3), table, table, Paragraph("x")]
    )
    _file, parts = opened(odt.render(document))
    used = {
        str(value)
        for value in parts["content.xml"].xpath("//@*[local-name()='style-name'][not(parent::*[local-name()='style'])]")
    }
    named = {
        str(value)
        for name in ("content.xml", "styles.xml")
        for value in parts[name].xpath("//*[local-name()='style']/@*[local-name()='name']")
    }
    assert used <= named


@pytest.mark.parametrize("render", [odt.render, pdf.render])
def test_hostile_text_is_text(render):
    hostile = "<para>&nbsp;</para> \x00\x08\ud83d </text:p> <font color='red'>".encode("utf-8", "ignore").decode()
    blocks = [Paragraph(hostile), Heading(hostile), Table([hostile], [[hostile * 20]], (1,))]
    assert render(Document(title=hostile, language="da", foot=hostile, blocks=blocks))


def test_a_long_table_goes_on_over_the_pages():
    rows = [[f"Række {number}", "tekst " * 30] for number in range(200)]
    content = pdf.render(Document(title="T", language="da", foot="F", blocks=[Table(["A", "B"], rows, (1, 3))]))
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") > 5


def test_a_heading_leaves_no_page_empty_before_its_table():
    rows = [[f"Række {number}", "tekst"] for number in range(50)]
    blocks = [Paragraph("Først"), Heading("Tabel"), Table(["A", "B"], rows, (1, 3))]
    content = pdf.render(Document(title="T", language="da", foot="F", blocks=blocks))
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 2


def test_a_number_keeps_the_spaces_that_hold_it_together():
    assert pdf._text("99\N{NO-BREAK SPACE}00\x00") == "99\N{NO-BREAK SPACE}00"


NAMES = ["problems", "readiness_report", "process_guide", "process_guide_file"]


@pytest.mark.parametrize("name", NAMES)
def test_who_may(org, name):
    outsider = user_with(Role.READER, organisation=organisation())
    assert client_for(outsider).get(address(name, org)).status_code == 404
    assert client_for(None).get(address(name, org)).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_queries_do_not_grow(org, name, django_assert_max_num_queries):
    client = client_for(user_with(Role.READER, organisation=org))
    client.get(address(name, org))
    for number in range(6):
        Invitation.objects.create(
            organisation=org,
            email=f"e{number}@example.org",
            name="Eva",
            roles=[Role.READER.value],
            expires="2020-01-01T00:00:00Z",
        )
    with django_assert_max_num_queries(29):
        client.get(address(name, org))
