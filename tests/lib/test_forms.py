"""Forms: the markup of the design system, errors that link to their fields, the fields Danes type into."""

import datetime as dt
from html.parser import HTMLParser

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from adgang.lib import forms

CHOICES = [("s", "Send"), ("r", "Receive")]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


class Every(forms.Form):
    """One field of each kind."""

    text = django_forms.CharField(label="Text", help_text="A line.", max_length=10)
    email = django_forms.EmailField(label="E-mail", required=False)
    area = django_forms.CharField(label="Area", widget=django_forms.Textarea)
    choice = django_forms.ChoiceField(label="Choice", choices=CHOICES)
    radio = django_forms.ChoiceField(label="Radio", choices=CHOICES, widget=django_forms.RadioSelect, help_text="One.")
    boxes = django_forms.MultipleChoiceField(
        label="Boxes", choices=CHOICES, widget=django_forms.CheckboxSelectMultiple, required=False
    )
    box = django_forms.BooleanField(label="Box", help_text="Tick it.")
    day = forms.DateField(label="Day")
    moment = forms.DateTimeField(label="Moment")
    file = django_forms.FileField(label="File")
    password = django_forms.CharField(label="Password", widget=django_forms.PasswordInput)
    hidden = django_forms.CharField(widget=django_forms.HiddenInput, required=False)


class Elements(HTMLParser):
    """The elements of a page, by id and by tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(str(html))

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def by_id(self, wanted):
        (found,) = [(tag, attrs) for tag, attrs in self.all if attrs.get("id") == wanted]
        return found

    def tagged(self, wanted):
        return [attrs for tag, attrs in self.all if tag == wanted]


GOOD = {
    "text": "x",
    "area": "x",
    "choice": "s",
    "radio": "r",
    "boxes": ["s", "r"],
    "box": "on",
    "day": "23-11-2026",
    "moment": "23-11-2026 14.05",
    "password": "secret",
}
FILE = {"file": SimpleUploadedFile("a.pem", b"x")}


@pytest.mark.parametrize(
    ("element", "tag", "css", "described"),
    [
        ("id_text", "input", "form-input", "id_text_helptext"),
        ("id_email", "input", "form-input", None),
        ("id_area", "textarea", "form-input", None),
        ("id_choice", "select", "form-select", None),
        ("id_radio_1", "input", "form-radio", None),
        ("id_boxes_0", "input", "form-checkbox", None),
        ("id_box", "input", "form-checkbox", "id_box_helptext"),
        ("id_day", "input", "form-input input-width-s", "id_day_helptext"),
        ("id_moment", "input", "form-input input-width-m", "id_moment_helptext"),
        ("id_file", "input", "form-file", None),
        ("id_password", "input", "form-input", None),
        ("id_hidden", "input", None, None),
    ],
)
def test_widget(element, tag, css, described):
    found, attrs = Elements(Every()).by_id(element)
    assert (found, attrs.get("class"), attrs.get("aria-describedby")) == (tag, css, described)
    assert "aria-invalid" not in attrs


def test_an_untouched_form_has_no_errors():
    html = str(Every())
    assert "error-summary" not in html
    assert "form-error" not in html


def test_every_label_belongs_to_a_field():
    page = Elements(Every())
    ids = {attrs["id"] for _tag, attrs in page.all if attrs.get("id")}
    assert {attrs["for"] for attrs in page.tagged("label")} <= ids


def test_choices_stand_in_a_fieldset_that_is_described():
    page = Elements(Every({}))
    described = [attrs.get("aria-describedby") for attrs in page.tagged("fieldset")]
    assert described == ["id_radio_helptext id_radio_error", None]


def test_optional_fields_say_so():
    html = str(Every())
    assert html.count("(optional)") == 2  # e-mail and boxes; not the single box


@pytest.mark.parametrize(
    ("element", "described"),
    [
        ("id_text", "id_text_helptext id_text_error"),
        ("id_area", "id_area_error"),
        ("id_choice", "id_choice_error"),
        ("id_box", "id_box_helptext id_box_error"),
        ("id_file", "id_file_error"),
        ("id_password", "id_password_error"),
    ],
)
def test_a_wrong_field_names_its_error(element, described):
    page = Elements(Every({}))
    attrs = page.by_id(element)[1]
    assert (attrs["aria-invalid"], attrs["aria-describedby"]) == ("true", described)
    assert page.by_id(f"{element}_error")[1]["class"] == "form-error-message"


def test_the_error_summary_links_to_every_wrong_field_in_the_order_of_the_page():
    form = Every({"email": "no"})
    assert form.faults() == [
        ("id_text", "Fill in: Text"),
        ("id_email", "Enter a valid email address."),
        ("id_area", "Fill in: Area"),
        ("id_choice", "Choose: Choice"),
        ("id_radio_0", "Choose: Radio"),
        ("id_box", "Tick: Box"),
        ("id_day", "Fill in: Day"),
        ("id_moment", "Fill in: Moment"),
        ("id_file", "Choose: File"),
        ("id_password", "Fill in: Password"),
    ]
    page = Elements(form)
    links = [attrs["href"].removeprefix("#") for attrs in page.tagged("a")]
    assert links == [target for target, _text in form.faults()]
    assert all(page.by_id(target) for target in links)


def test_what_was_typed_is_kept_but_not_the_password():
    page = Elements(Every({**GOOD, "text": "much too long a text"}, FILE))
    assert page.by_id("id_text")[1]["value"] == "much too long a text"
    assert page.by_id("id_day")[1]["value"] == "23-11-2026"
    assert "checked" in page.by_id("id_radio_1")[1]
    assert "value" not in page.by_id("id_password")[1]


def test_a_good_form_is_cleaned():
    form = Every(GOOD, FILE)
    assert form.errors == {}
    assert form.cleaned_data["day"] == dt.date(2026, 11, 23)
    assert form.cleaned_data["moment"] == dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)


def test_a_general_error_stands_first_without_a_link():
    form = Every(GOOD, FILE)
    form.add_error(None, "The two do not agree.")
    form.add_error("text", "Another.")
    assert form.faults() == [("", "The two do not agree."), ("id_text", "Another.")]


def test_an_error_text_of_the_field_itself_is_kept():
    class Own(forms.Form):
        name = django_forms.CharField(error_messages={"required": "Write a name that colleagues know"})

    assert Own({}).errors == {"name": ["Write a name that colleagues know"]}


def test_text_is_escaped():
    class Sharp(forms.Form):
        name = django_forms.CharField(label="<b>", help_text="<i>", max_length=1)

    html = str(Sharp({"name": '"><script>'}))
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<script>" not in html


class Grouped(forms.Form):
    first = django_forms.CharField()
    second = django_forms.CharField()
    third = django_forms.CharField()
    fieldsets = [("Group", ["third", "first", "not there"]), ("None left", ["not there"])]


def test_sections_put_loose_fields_first():
    sections = [(legend, [field.name for field in fields]) for legend, fields in Grouped().sections()]
    assert sections == [(None, ["second"]), ("Group", ["third", "first"])]


@pytest.mark.parametrize(
    ("typed", "kept"), [("12345678", "12345678"), (" 12 34 56 78 ", "12345678"), ("DK12345678", "12345678"), ("", "")]
)
def test_cvr(typed, kept):
    assert forms.CvrField(required=False).clean(typed) == kept


@pytest.mark.parametrize("typed", ["1234567", "123456789", "abcdefgh", "1234567a", "１２３４５６７８"])
def test_cvr_that_is_none(typed):
    with pytest.raises(ValidationError) as caught:
        forms.CvrField().clean(typed)
    assert caught.value.messages == ["Write the CVR number with 8 digits"]


@pytest.mark.parametrize("typed", ["23-11-2026", "23.11.2026", "23/11/2026", "23112026", "2026-11-23"])
def test_date(typed):
    assert forms.DateField().clean(typed) == dt.date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["23-11-2026 14.05", "23.11.2026 kl. 14:05", "23-11-2026 1405", "2026-11-23T14:05"])
def test_moment_is_danish_time(typed):
    assert forms.DateTimeField().clean(typed) == dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("typed", ["31-02-2026", "tomorrow", "11-23-2026"])
def test_date_that_is_none(typed):
    with pytest.raises(ValidationError) as caught:
        forms.DateField().clean(typed)
    assert caught.value.messages == ["Write the date as dd-mm-yyyy, for example 23-11-2026"]


class Names(forms.Form):
    """Fields of one line, and one of several."""

    name = django_forms.CharField()
    id = django_forms.UUIDField(required=False)
    note = django_forms.CharField(widget=django_forms.Textarea, required=False)


@pytest.mark.parametrize("typed", ["Kim\nBcc: alle@b.dk", "Kim\r\nHansen", "Kim\x1b[2J", "Kim\N{LINE SEPARATOR}Hansen"])
def test_a_field_of_one_line_takes_one_line(typed):
    form = Names({"name": typed, "note": "a\nb"})
    assert form.errors == {"name": ["Write it on one line, without control characters."]}


@pytest.mark.parametrize("typed", ["Søren Æbelø", "👩‍👩‍👧", "Kim\tHansen", "  Kim\n"])
def test_what_is_one_line(typed):
    assert Names({"name": typed, "id": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}).errors == {}


@pytest.mark.parametrize("typed", ["01-01-0001", "31-12-1899", "01-01-2200", "31-12-9999"])
@pytest.mark.parametrize(("field", "time"), [(forms.DateField, ""), (forms.DateTimeField, " 23.59")])
def test_a_year_that_cannot_be_meant(field, time, typed):
    with pytest.raises(ValidationError) as caught:
        field().clean(f"{typed}{time}")
    assert caught.value.messages == ["Write a year from 1900 to 2199"]


@pytest.mark.parametrize("typed", ["01-01-1900", "31-12-2199"])
def test_the_first_and_the_last_day(typed):
    assert forms.DateField().clean(typed).strftime("%d-%m-%Y") == typed


@pytest.mark.parametrize(
    ("typed", "read"), [("23-11-2026", dt.date(2026, 11, 23)), ("x", None), ("", None), ("31-12-9999", None)]
)
def test_parse_date(typed, read):
    assert forms.parse_date(typed) == read


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("box", True, "Yes"),
        ("box", False, "No"),
        ("choice", "s", "Send"),
        ("choice", "gone", "gone"),
        ("boxes", ["s", "r"], "Send, Receive"),
        ("text", None, ""),
        ("text", "x", "x"),
        ("day", dt.date(2026, 11, 23), "23-11-2026"),
        ("moment", dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC), "23-11-2026 14.05"),
    ],
)
def test_display(name, value, words):
    assert forms.display(Every().fields[name], value) == words
