"""The list: search, filters, sorting, pages and files, on real rows, its state in the URL."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Lower
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import format_html
from django_htmx.middleware import HtmxDetails

from adgang.lib import lists
from organisations.models import Organisation
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db

SPEC = lists.ListSpec(
    name="towns",
    caption="Towns",
    columns=[
        lists.Column("name", "Name", "name", sort=(Lower("name"),), link=lambda row: f"/o/{row.cvr_number}/"),
        lists.Column("cvr", "CVR", "cvr_number", sort=("cvr_number",)),
        lists.Column("kind", "Kind", lambda row: format_html("<b>{}</b>", row.get_authority_type_display())),
        lists.Column("contactable", "Contactable", "contactable", sort=(F("contactable").asc(),)),
        lists.Column("code", "Code", "industry_code", where="file"),
        lists.Column("tools", "Tools", lambda row: "tools", where="page"),
    ],
    default_sort="name",
    search=("name", "cvr_number"),
    filters=[
        lists.Filter(
            "kind",
            "Kind",
            choices=Organisation.AuthorityType.choices,
            apply=lambda rows, value: rows.filter(authority_type=value),
        ),
        lists.DateFilter("from", "From", apply=lambda rows, day: rows.filter(status_date__gte=day)),
    ],
    empty=lists.Empty("No towns yet", "Towns belong here."),
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def get(query: str = "", *, htmx: str = "", spec: lists.ListSpec = SPEC, **more):
    headers = {"HX-Request": "true", "HX-Target": htmx} if htmx else {}
    request = RequestFactory().get(f"/towns/{query}", headers=headers)
    request.htmx = HtmxDetails(request)
    return lists.respond(request, spec, Organisation.objects.all(), template="lists/list.html", **more)


def page(query: str = "") -> lists.ListPage:
    request = RequestFactory().get(f"/towns/{query}")
    state = lists.State.of(SPEC, request.GET)
    return lists.ListPage(SPEC, state, Organisation.objects.all(), "/towns/", SPEC.empty)


def names(query: str = "") -> list[str]:
    return [row.name for row in page(query).page.object_list]


def towns(*wanted: str, **fields) -> None:
    for name in wanted:
        organisation(name=name, accepted=False, **fields)


def test_starts_in_the_default_order():
    towns("beta", "Alfa", "Gamma")
    assert names() == ["Alfa", "beta", "Gamma"]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("?sort=-name", ["Gamma", "beta", "Alfa"]),
        ("?sort=cvr", ["beta", "Alfa", "Gamma"]),
        ("?sort=-cvr", ["Gamma", "Alfa", "beta"]),
        ("?sort=contactable", ["beta", "Alfa", "Gamma"]),
        ("?sort=kind", ["Alfa", "beta", "Gamma"]),
        ("?sort=evil;drop", ["Alfa", "beta", "Gamma"]),
        ("?sort=--name", ["Alfa", "beta", "Gamma"]),
        ("?sort=password", ["Alfa", "beta", "Gamma"]),
    ],
)
def test_sort(query, order):
    for number, name in enumerate(("beta", "Alfa", "Gamma")):
        organisation(name=name, cvr_number=f"9000000{number}", accepted=False, pk=f"{number:032d}")
    assert names(query) == order


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ALF", ["Alfa By", "Alfa Havn"]),
        ("?q=havn+alfa", ["Alfa Havn"]),
        ("?q=nothing", []),
        ("?q=%00", ["Alfa By", "Alfa Havn", "Beta"]),
        ("?q=%25", []),
        ("?kind=REGION", ["Beta"]),
        ("?kind=NONSENSE", ["Alfa By", "Alfa Havn", "Beta"]),
        ("?q=alfa&kind=REGION", []),
        ("?from=01-06-2026", ["Beta"]),
        ("?from=yesterday", ["Alfa By", "Alfa Havn", "Beta"]),
    ],
)
def test_search_and_filter(query, found):
    towns("Alfa By", "Alfa Havn", status_date="2026-01-01")
    towns("Beta", authority_type="REGION", status_date="2026-12-01")
    assert names(query) == found


@pytest.mark.parametrize("word", ["ærø", "ÆRØ", "Ærø", "øby"])
def test_search_knows_danish_letters(word):
    towns("Ærø Kommune", "Brøby", "ÅRØBY")
    assert names(f"?q={word}") == {"øby": ["Brøby", "ÅRØBY"]}.get(word, ["Ærø Kommune"])


@pytest.mark.parametrize(
    ("query", "number", "rows"),
    [
        ("", 1, 25),
        ("?page=2", 2, 5),
        ("?page=99", 2, 5),
        ("?page=0", 2, 5),
        ("?page=abc", 1, 25),
        ("?size=50", 1, 30),
        ("?size=7", 1, 25),
        ("?size=-1&page=%00", 1, 25),
    ],
)
def test_pages(query, number, rows):
    towns(*(f"Town {number:02}" for number in range(30)))
    shown = page(query)
    assert (shown.page.number, len(shown.page.object_list)) == (number, rows)


def test_the_page_says_what_is_shown_and_how_it_is_sorted():
    towns(*(f"Town {number:02}" for number in range(30)))
    html = get("?page=2&sort=-name").content.decode()
    assert "Shows 26–30 of 30" in html
    assert html.count("aria-sort") == 1
    assert 'aria-sort="descending"' in html
    assert '<caption class="sr-only" id="list-towns-caption">Towns</caption>' in html
    assert 'href="/towns/?sort=-name"' in html  # to the first page, still sorted
    assert '<input type="hidden" form="list-towns-form" name="sort" value="-name">' in html


def test_links_keep_the_rest_of_the_state():
    shown = page("?q=alfa&kind=STATE&size=50&tab=all&page=2")
    assert shown.page_url(3) == "?tab=all&q=alfa&kind=STATE&size=50&page=3"
    assert shown.csv_url == "?tab=all&q=alfa&kind=STATE&size=50&format=csv"
    assert shown.clear_url == "?tab=all&size=50"
    assert [header.url for header in shown.headers()][:2] == [
        "?tab=all&q=alfa&kind=STATE&sort=-name&size=50",
        "?tab=all&q=alfa&kind=STATE&sort=cvr&size=50",
    ]


def test_cells_are_escaped_and_linked():
    towns("<script>alert(1)</script>", cvr_number="90000004")
    html = get().content.decode()
    assert '<a href="/o/90000004/">&lt;script&gt;alert(1)&lt;/script&gt;</a>' in html
    assert "<b>Municipality</b>" in html


def test_what_was_searched_for_is_escaped_and_kept():
    towns("Alfa")
    html = get("?q=%22><script>&from=x<").content.decode()
    assert "<script>" not in html
    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert "Write the date as dd-mm-yyyy, for example 23-11-2026" in html


def test_an_empty_list_says_how_to_begin_only_to_those_who_may():
    html = get().content.decode()
    assert "No towns yet" in html
    assert "<form" not in html
    assert "button-primary" not in html
    assert (
        '<a class="button button-primary" href="/new/">Create</a>'
        in get(empty_action=("/new/", "Create")).content.decode()
    )


def test_nothing_found_is_not_the_same_as_empty():
    towns("Alfa")
    html = get("?q=beta").content.decode()
    assert "No towns yet" not in html
    assert "Nothing found" in html
    assert 'href="/towns/?"' in html


def test_htmx_gets_the_results_alone():
    towns("Alfa")
    html = get("?q=alf", htmx="list-towns").content.decode()
    assert "<form" not in html
    assert '<p id="list-towns-summary" hx-swap-oob="innerHTML">Shows 1–1 of 1</p>' in html
    assert "Alfa" in html


def test_htmx_for_something_else_gets_the_page():
    assert "<form" in get("?q=x", htmx="main").content.decode()


def test_csv_has_every_row_shown_in_order():
    towns(*(f"Town {number:02}" for number in range(30)))
    towns("=cmd", industry_code="841110")
    answer = get("?format=csv&sort=-name&q=o&page=2")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="towns-')
    rows = list(csv.reader(StringIO(b"".join(answer).decode().removeprefix("\ufeff")), delimiter=";"))
    assert rows[0] == ["Name", "CVR", "Kind", "Contactable", "Code"]
    assert [row[0] for row in rows[1:]] == [f"Town {number:02}" for number in range(29, -1, -1)]


def test_csv_holds_plain_values():
    towns("=cmd", industry_code="841110", cvr_number="90000004")
    rows = b"".join(get("?format=csv")).decode().splitlines()
    assert rows[1] == "'=cmd;90000004;Municipality;Yes;841110"


def test_xlsx_has_the_same_rows():
    towns("Alfa", "=cmd")
    answer = get("?format=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["Name", "=cmd", "Alfa"]
    assert sheet.title == "Towns"


def test_an_unknown_format_is_the_page():
    towns("Alfa")
    assert "Alfa" in get("?format=pdf").content.decode()


@pytest.mark.parametrize("count", [1, 3, 60])
def test_queries_do_not_grow_with_the_rows(count):
    towns(*(f"Town {number}" for number in range(count)))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        get("?q=town&kind=MUNICIPALITY")
    assert len(queries) == 2


@pytest.mark.parametrize("query", ["", "?page=2", "?sort=-name&page=2", "?q=town+1", "?q=nothing"])
def test_rows_that_are_read_by_their_keys_are_those_of_the_page_in_its_order(query):
    towns(*(f"Town {number:02}" for number in range(30)))
    read_by_keys = replace(SPEC, read=Organisation.objects.in_bulk)
    with CaptureQueriesContext(connection) as queries:
        html = get(query, spec=read_by_keys).content.decode()
    assert html == get(query).content.decode()
    assert len(queries) == (1 if "nothing" in query else 3)


def test_a_row_that_is_gone_before_it_is_read_is_not_shown():
    towns("Alfa", "Beta")
    spec = replace(SPEC, read=lambda keys: Organisation.objects.exclude(name="Alfa").in_bulk(keys))
    html = get(spec=spec).content.decode()
    assert ">Beta</a>" in html
    assert ">Alfa</a>" not in html


def test_a_cell_is_made_once_for_rows_that_are_alike():
    made = []
    cell = lists.alike(lambda row: made.append(row) or row * 10, by=lambda row: row % 2)
    assert [cell(row) for row in (1, 2, 3, 4)] == [10, 20, 10, 20]
    assert made == [1, 2]


def test_a_date_filter_is_a_field_with_its_error():
    towns("Alfa")
    html = get("?from=x").content.decode()
    assert 'aria-invalid="true" aria-describedby="list-towns-from-error"' in html
