"""The picture: every step and package with colour, symbol and word; what people typed is escaped."""

import re
from xml.etree import ElementTree

import pytest

from adgang.overview.marks import LOOKS, Mark, symbol
from adgang.overview.picture import Package, Part, tall, text_width, wide, wrapped

SVG = "{http://www.w3.org/2000/svg}"


def part(**values):
    package = Package(heading="Opgavepakke 6", title="Roller", mark=Mark.DONE, state="Bekræftet", url="#line-package_6")
    given = {
        "heading": "Trin 1",
        "title": "Opnå adgang",
        "mark": Mark.STARTED,
        "state": "I gang (2 af 5)",
        "share": 0.4,
    }
    return Part(**{**given, "url": "#step-1", "packages": [package], **values})


def parsed(svg):
    return ElementTree.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(svg):
    return [" ".join(span.text for span in text) for text in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("draw", [wide, tall])
def test_says_every_state_in_words(draw):
    assert words(draw([part()])) == [
        "Trin 1",
        "Opnå adgang",
        "I gang (2 af 5)",
        "Opgavepakke 6",
        "Roller",
        "Bekræftet",
    ]


@pytest.mark.parametrize("draw", [wide, tall])
def test_every_box_is_a_link(draw):
    assert [link.get("href") for link in parsed(draw([part()])).iter(f"{SVG}a")] == ["#step-1", "#line-package_6"]


@pytest.mark.parametrize("draw", [wide, tall])
def test_is_named_and_described(draw):
    svg = parsed(draw([part(), part(heading="Trin 2", title="Systemer", url="#step-2")]))
    title, description = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert (svg.get("role"), svg.get("aria-labelledby")) == ("group", title.get("id"))
    assert svg.get("aria-describedby") == description.get("id")
    assert "Opnå adgang" in description.text
    assert "Systemer" in description.text


def test_the_two_drawings_share_no_id():
    ids = re.findall(r'\bid="([^"]+)"', str(wide([part()])) + str(tall([part()])))
    assert len(ids) == len(set(ids)) == 4


@pytest.mark.parametrize("draw", [wide, tall])
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\"'><b>&amp;", "]]><x/>"])
def test_text_is_escaped(draw, text):
    svg = draw([part(title=text, heading=text, state=text)])
    assert "".join(words(svg)[1].split()) == "".join(text.split())
    assert not any(element.tag.rpartition("}")[2] in ("script", "b", "x") for element in parsed(svg).iter())


@pytest.mark.parametrize("draw", [wide, tall])
def test_carries_no_style_that_the_security_policy_would_refuse(draw):
    assert "style=" not in str(draw([part()]))


def test_marks_share_neither_colour_nor_symbol():
    assert len({look.area for look in LOOKS.values()}) == len({look.symbol for look in LOOKS.values()}) == len(Mark)


def test_symbol_says_nothing_by_itself():
    assert 'aria-hidden="true"' in symbol(Mark.LATE)


def test_wraps_at_the_width():
    lines = wrapped("Opsætning af afsender- og modtagersystemer", size=18, width=200)
    assert lines == ["Opsætning af afsender-", "og modtagersystemer"]
    assert all(text_width(line, size=18) <= 200 for line in lines)


def test_a_word_that_is_too_long_stands_alone():
    assert wrapped("Kort speciallægepraksisplanlægningsstabiliseringsperiode", size=18, width=100) == [
        "Kort",
        "speciallægepraksisplanlægningsstabiliseringsperiode",
    ]


def test_share_is_drawn_in_proportion():
    bars = [
        float(rect.get("width"))
        for rect in parsed(wide([part(share=0.5)])).iter(f"{SVG}rect")
        if rect.get("height") == "5"
    ]
    assert bars[1] == pytest.approx(bars[0] / 2, abs=1)
