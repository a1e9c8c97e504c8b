"""What is built validates, and reads back as what it was."""

import io
import uuid
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from memo import building, schema_writing
from memo.building import CannotBeWritten
from memo.elements import ROOT, Type, Version, children
from memo.messages import CLASSES, File, MainDocument
from memo.parties import Representative
from memo.parts import field_name
from tests.factories.messages import OWN, PDF, VALUES, body, check, full, header, message, written

pytestmark = pytest.mark.once

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"), max_size=40
)
MEANT = {Type.TEXT, Type.COMMENT, Type.NOTIFICATION}


@st.composite
def elements(draw, name, version):
    """Draw an element with some of what may stand in it."""
    values = {"version": version} if name == ROOT else {}
    for child in children(name, version):
        fewest, most = child.occurs(version)
        if child.name in ("memo:EntryPoint", "grd:UnstructuredAddress") or not (fewest or draw(st.booleans())):
            continue
        if child.type is not Type.COMPLEX:
            free = child.type in MEANT and child.name not in OWN
            values[field_name(child.name)] = draw(TEXTS) if free else OWN.get(child.name, VALUES[child.type])
        elif most == 1:
            values[field_name(child.name)] = draw(elements(child.name, version))
        else:
            many = st.lists(elements(child.name, version), min_size=max(fewest, 1), max_size=2)
            values[field_name(child.name)] = tuple(draw(many))
    return CLASSES[name](**values)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_whatever_is_built_is_right_and_comes_back(data):
    version = data.draw(st.sampled_from(list(Version)))
    made = data.draw(elements(ROOT, version))
    if made.message_body is None:
        made = replace(made, message_body=full(version).message_body)
    content = written(made)
    report = check(content, keep=1000)
    schema = etree.XMLSchema(etree.parse(str(schema_writing.path(version))))
    assert schema.validate(etree.fromstring(content)), schema.error_log
    assert [one for one in report.findings if one.severity == "error"] == []
    assert report.message == made
    assert [one.content for one in report.message.files()] == [one.content for one in made.files()]


def test_a_file_is_written_in_pieces_from_its_path(tmp_path):
    path = tmp_path / "stor.pdf"
    content = PDF + bytes(range(256)) * 3000
    path.write_bytes(content)
    made = message(
        message_body=body(
            main_document=MainDocument(
                file=(File(filename="s.pdf", language="da", encoding_format="application/pdf", content=path),)
            )
        )
    )
    assert max(map(len, building.parts(made))) < 300_000
    assert next(check(made, keep=10**6).message.files()).content == content


def test_what_the_version_does_not_know_is_refused_before_anything_is_written():
    sender = replace(header().sender, representative=Representative(representative_id="1", id_type="CVR", label="R"))
    out = io.BytesIO()
    with pytest.raises(CannotBeWritten, match="Representative"):
        building.write(message(message_header=header(sender=sender)), out)
    assert out.getvalue() == b""


def test_a_file_without_content_is_refused():
    made = message(message_body=body(main_document=MainDocument(file=(File(filename="a.pdf"),))))
    with pytest.raises(CannotBeWritten, match=r"a\.pdf"):
        building.write(made, io.BytesIO())


def test_letters_that_xml_does_not_know_are_left_out():
    made = message(message_header=header(label="a\x00b\x0bc & <d> \r\ne"))
    assert check(made).message.message_header.label == "abc & <d> \r\ne"


def test_ids_are_of_version_4():
    assert uuid.UUID(str(building.new_uuid())).version == 4
