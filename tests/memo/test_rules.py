"""The rules beyond the schema, M01–M14: each fault by its code, with its place and the service's own code."""

import datetime as dt
import io
from dataclasses import replace

import pytest

from memo.elements import Version
from memo.messages import Action, AdditionalDocument, EntryPoint, ForwardData, MainDocument, Reservation
from memo.parties import ContactPoint, Recipient, Representative, Sender
from memo.reports import Limits
from memo.subjects import Address, ContentData, CprData, CvrData, UnstructuredAddress
from tests.factories import messages
from tests.factories.messages import AT, CPR, CVR, body, check, codes, file, header, message, with_header, written

pytestmark = pytest.mark.once


def with_file(*args, **values):
    return message(message_body=body(main_document=MainDocument(file=(file(*args, **values),))))


def with_action(**values):
    given = {"label": "Gør noget", "action_code": "INFORMATION", "entry_point": EntryPoint(url="https://x.dk/")}
    document = MainDocument(file=(file(),), action=(Action(**given | values),))
    return message(message_body=body(main_document=document))


def test_nothing_is_found_where_nothing_is_wrong():
    assert codes(message()) == []
    assert codes(message(version=Version.V1_2)) == []


@pytest.mark.parametrize(
    "letter", ["<", ">", ":", '"', "/", "\\", "|", "?", "*", "\u00a0", "\u2003", "\u2028", "\u3000"]
)
def test_file_names(letter):
    (found,) = check(with_file(f"br{letter}ev.pdf")).findings[1:]
    assert found.code == "memo.filename.letters"
    assert found.path.endswith("memo:MainDocument/memo:File[1]/memo:filename")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("brev.exe", b"MZ", ["memo.filename.extension"]),
        ("brev", b"tekst", ["memo.filename.no_extension"]),
        (".pdf", messages.PDF, ["memo.filename.no_extension"]),
        ("brev.PDF", messages.PDF, []),
        ("brev.pdf", b"<html>", ["memo.file.content"]),
        ("brev.pdf", b"\x89PNG\r\n\x1a\n", ["memo.file.content"]),
    ],
)
def test_what_kind_of_file(name, content, expected):
    assert codes(with_file(name, content)) == expected


@pytest.mark.parametrize(
    ("name", "format_", "content"),
    [
        ("a.txt", "text/plain; charset=utf-8", "Æøå".encode()),
        ("a.txt", "text/plain", "Æøå".encode("utf-16")),
        ("a.html", "text/html", b"<p>uden begyndelse</p>"),
        ("a.xml", "text/xml", b"<?xml version='1.0'?><a/>"),
        (
            "a.docx",
            messages_docx := "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK\x03\x04....word/a",
        ),
        ("a.docx", messages_docx, b"PK\x03\x04............"),
        (
            "a.odt",
            "application/vnd.oasis.opendocument.text",
            b"PK\x03\x04" + b"." * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text",
        ),
        ("a.doc", "application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.jpeg", "image/jpeg", b"\xff\xd8\xff\xe0"),
        ("a.tif", "image/tiff", b"II*\0"),
        ("a.gif", "image/gif", b"GIF89a"),
        ("a.rtf", "application/rtf", b"{\\rtf1"),
    ],
)
def test_files_that_are_what_they_are_called(name, format_, content):
    assert codes(with_file(name, content, encoding_format=format_)) == []


def test_what_is_said_and_what_is_called_differ():
    (found,) = check(with_file(encoding_format="text/plain")).findings[1:]
    assert (found.code, found.severity, found.finding.params["expected"]) == (
        "memo.file.format",
        "warning",
        "application/pdf",
    )


def test_an_empty_file():
    (found,) = check(with_file(content=b"")).findings[1:]
    assert (found.code, found.ngdp_code) == ("memo.content.empty", "file.empty.not.allowed")


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (lambda text: b"*" + text[1:], "letter"),
        (lambda text: text[:-2], "incomplete"),
        (lambda text: text + b"AAAA", "after_padding" if len(messages.PDF) % 3 else ""),
    ],
)
def test_content_that_is_no_base64(broken, code):
    data = written()
    start = data.index(b"<memo:content>") + len(b"<memo:content>")
    end = data.index(b"</memo:content>")
    text = data[start:end]
    if code == "incomplete":
        text = text.rstrip(b"=")
        text = text[: len(text) // 4 * 4 - 1] if len(text) % 4 == 0 else text
        found = codes(data[:start] + text + data[end:])
    else:
        found = codes(data[:start] + broken(text) + data[end:])
    assert found == ([f"memo.content.{code}"] if code else [])


def test_content_may_be_folded_and_indented():
    data = written()
    start = data.index(b"<memo:content>") + len(b"<memo:content>")
    folded = data[:start] + b"\n    " + data[start : start + 9] + b"\r\n\t" + data[start + 9 :]
    report = check(folded)
    assert [one.code for one in report.findings if one.severity != "info"] == []
    assert next(report.message.files()).sha256 == next(check(data).message.files()).sha256


@pytest.mark.parametrize(
    "url", ["http://x.dk/", "//x.dk/", "ftp://x", "https:", "https:///sti", "x.dk", "mailto:a@b.dk"]
)
def test_addresses_are_https(url):
    assert codes(with_action(entry_point=EntryPoint(url=url))) == ["memo.url.https"]


def test_nemsms():
    sms = {"message_type": "NEMSMS", "notification": "Husk din tid"}
    assert codes(replace(with_header(**sms), message_body=None)) == []
    assert codes(with_header(**sms)) == ["memo.body.in_sms"]
    for missing in (None, ""):
        report = check(replace(with_header(**sms | {"notification": missing}), message_body=None))
        (found,) = report.findings[1:]
        assert (found.code, found.ngdp_code) == ("memo.notification.missing", "empty.notification.not.allowed")


def test_a_letter_needs_documents():
    assert codes(message(message_body=None)) == ["memo.body.missing"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, ["memo.delivery.past"]), (0, []), (365, []), (366, ["memo.delivery.far"])],
)
def test_the_date_before_which_nothing_is_delivered(days, expected):
    date = AT.date() + dt.timedelta(days=days)
    assert codes(with_header(do_not_deliver_until_date=date)) == expected


def test_the_day_is_the_danish_one():
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)
    assert codes(with_header(do_not_deliver_until_date=late.date()), at=late) == ["memo.delivery.past"]


def test_the_id_of_the_contact_point():
    sender = replace(header().sender, contact_point=ContactPoint(contact_point_id="12345"))
    (found,) = check(with_header(sender=sender)).findings[1:]
    assert (found.code, found.ngdp_code) == ("memo.point.not_uuid", "contact.point.id.format.not.allowed")
    assert found.path == "/memo:Message/memo:MessageHeader/memo:Sender/memo:ContactPoint/memo:contactPointID"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"action_code": "AFTALE"}, ["memo.action.reservation"]),
        ({"action_code": "BETALING", "entry_point": None}, ["memo.action.entry_point"]),
        ({"action_code": "noget"}, ["memo.action.unknown"]),
        ({"start_date_time": AT, "end_date_time": AT}, ["memo.times.order"]),
    ],
)
def test_actions(values, expected):
    assert codes(with_action(**values)) == expected


def test_an_appointment_ends_after_it_begins():
    times = {"start_date_time": AT, "end_date_time": AT - dt.timedelta(minutes=1)}
    appointment = Reservation(
        description="Møde", reservation_uuid=header().message_uuid, abstract="Om sagen", location="Rådhuset", **times
    )
    made = with_action(action_code="AFTALE", entry_point=None, reservation=appointment)
    assert codes(made) == ["memo.times.order"]


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("CVR", CVR, []),
        ("CVR", "1358562", ["memo.id.cvr"]),
        ("CVR", "13585629", ["memo.id.cvr_check"]),
        ("CPR", CPR, []),
        ("CPR", "010170-1234", ["memo.id.cpr"]),
        ("CPR", "3213701234", ["memo.id.cpr_date"]),
        ("CPR", "6101701234", []),
        ("cvr", CVR, ["memo.id.type"]),
        ("Andet", "x", ["memo.id.other"]),
    ],
)
def test_who_it_is(kind, number, expected):
    assert codes(with_header(recipient=Recipient(recipient_id=number, id_type=kind))) == expected
    assert codes(with_header(sender=Sender(sender_id=number, id_type=kind, label="X"))) == expected


def test_another_id_is_gone_in_1_2():
    made = with_header(recipient=Recipient(recipient_id="x", id_type="Andet"))
    assert codes(replace(made, version=Version.V1_2)) == ["memo.id.type"]


def test_a_representative_is_looked_at_too():
    sender = replace(header().sender, representative=Representative(representative_id="1", id_type="CVR", label="R"))
    assert codes(replace(with_header(sender=sender), version=Version.V1_2)) == ["memo.id.cvr"]


def test_a_cpr_number_is_in_no_report():
    content = ContentData(
        cpr_data=CprData(cpr_number=f"{CPR} ", name="Om 010170-1234"), cvr_data=CvrData(cvr_number=CPR)
    )
    made = with_header(
        content_data=content,
        label=f"{CPR} " + "x" * 300,
        recipient=Recipient(recipient_id="010170-1234", id_type="CPR"),
    )
    report = check(made)
    text = str([(one.as_text(), one.as_json()) for one in report.findings])
    assert "memo.value.form" in text
    assert CPR not in text
    assert "010170-1234" not in text


def test_sizes():
    data = written()
    (found,) = check(data, limits=Limits(size=len(data) - 1)).findings[1:]
    assert found.code == "memo.size"
    assert codes(data, limits=Limits(size=len(data))) == []
    many = tuple(AdditionalDocument(file=(file(),)) for _ in range(11))
    (found,) = check(message(message_body=body(additional_document=many))).findings[1:]
    assert found.code == "memo.documents.many"
    assert found.path.endswith("/memo:AdditionalDocument[11]")


def test_addresses_and_times_that_contradict():
    both = ContentData(address=Address(city="Klitby"), unstructured_address=UnstructuredAddress(unstructured="Klitby"))
    assert codes(with_header(content_data=both)) == ["memo.address.both"]
    forwarded = ForwardData(
        message_uuid=header().message_uuid, original_message_date_time=AT + dt.timedelta(days=1), original_sender="X"
    )
    assert codes(with_header(forward_data=forwarded)) == ["memo.times.future"]


def test_what_an_organisation_knows_comes_in():
    class Place:
        def judge(self, message):
            yield from ()
            assert message.message_header.sender.sender_id == CVR
            yield found

    from memo.reports import found as make

    found = make("memo.value.empty", "/memo:Message", 2)
    assert found in check(message(), place=Place()).findings


def test_what_is_kept():
    report = check(message(), keep=10_000, fingerprint=True)
    assert [one.content for one in report.message.files()] == [messages.PDF, messages.PDF]
    assert [one.content for one in check(message(), keep=5).message.files()] == [None, None]
    assert (report.size, len(report.sha256)) == (len(written()), 64)


def test_findings_are_kept_and_come_back():
    from memo.reports import MemoFinding

    for one in check(with_file("a?.exe")).findings:
        assert MemoFinding.from_json(one.as_json()) == one


def test_the_source_is_read_in_pieces():
    class Source(io.BytesIO):
        asked: list[int] = []

        def read(self, size=-1):
            self.asked.append(size)
            return super().read(min(size, 7))

    from memo import checking

    assert checking.check_message(Source(written()), at=AT, limits=Limits()).valid
    assert max(Source.asked) <= 1024 * 1024
    assert min(Source.asked) > 0
