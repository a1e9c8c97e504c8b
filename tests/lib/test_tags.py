"""The tags and filters of every template."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "made"),
    [
        ("{{ v|cvr }}", "12345678", "12\xa034\xa056\xa078"),
        ("{{ v|day }}", dt.date(2026, 11, 23), "23 November 2026"),
        ("{{ v|moment }}", dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC), "23 November 2026 at 14:05"),
        ("{% when v %}", dt.date(2026, 1, 2), '<time datetime="2026-01-02">2 January 2026</time>'),
        ("{% when v %}", None, ""),
        ("{{ v|yesno_text }}", True, "Yes"),
        ("{{ v|yesno_text }}", None, "No"),
        ("{% badge v 'success' %}", "<On>", '<span class="badge badge-success">&lt;On&gt;</span>'),
        ("{% badge v 'nonsense' %}", "x", '<span class="badge">x</span>'),
        ("{% badge v %}", "x", '<span class="badge">x</span>'),
    ],
)
def test_values(source, value, made):
    assert render(source, v=value) == made


def test_an_icon_is_decoration_unless_it_is_named():
    sprite = "/static/dkfds/img/all-svg-icons.svg"
    assert render('{% icon "check" %}') == (
        f'<svg class="icon-svg" aria-hidden="true" focusable="false"><use href="{sprite}#check"></use></svg>'
    )
    assert render('{% icon "check" label="Done" class="big" %}') == (
        '<svg class="icon-svg big" role="img" aria-label="Done" focusable="false">'
        f'<use href="{sprite}#check"></use></svg>'
    )


def test_a_copy_button_carries_its_value():
    html = render("{% copy v %}", v='a"b')
    assert 'data-copy="a&quot;b"' in html
    assert "<span>Copy</span>" in html


def test_an_alert_names_its_kind():
    html = render('{% alert "warning" heading="Soon" %}<p>{{ v }}</p>{% endalert %}', v="<x>")
    assert '<div class="alert alert-warning">' in html
    assert 'aria-label="Warning"' in html
    assert '<p class="alert-heading">Soon</p><div class="alert-text"><p>&lt;x&gt;</p></div>' in html


def test_breadcrumbs_end_at_this_page():
    html = render('{% breadcrumbs "Systems" "/systems/" name %}', name="<Sonder>")
    assert '<a class="breadcrumbs__link" href="/systems/">Systems</a>' in html
    assert 'aria-current="page"' in html
    assert "&lt;Sonder&gt;" in html


def test_breadcrumbs_begin_at_the_organisation():
    here = SimpleNamespace(name="Klitby", cvr_number="90000004")
    html = render('{% breadcrumbs "Systems" %}', request=SimpleNamespace(organisation=here))
    assert html.index("Klitby") < html.index("Systems")
