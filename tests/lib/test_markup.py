"""HTML made of texts: what Django makes of the same."""

import pytest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from adgang.lib import markup

texts = st.text(alphabet=st.sampled_from("a æ<>&\"'{}/é\n"))
either = texts | texts.map(mark_safe)


@given(either)
def test_escaped(text):
    made = markup.escaped(text)
    assert made == conditional_escape(text)
    assert isinstance(made, SafeString)


@given(texts, either)
def test_link(url, shown):
    made = markup.link(url, shown)
    assert made == format_html('<a href="{}">{}</a>', url, shown)
    assert isinstance(made, SafeString)


@given(either, st.sampled_from(["", "success", "error", "nonsense"]))
def test_badge(text, variant):
    css = f"badge badge-{variant}" if variant in markup.BADGES else "badge"
    made = markup.badge(text, variant)
    assert made == format_html('<span class="{}">{}</span>', css, text)
    assert isinstance(made, SafeString)


@given(texts, texts, either)
def test_icon(href, css, label):
    named = '<svg class="{}" role="img" aria-label="{}" focusable="false"><use href="{}"></use></svg>'
    plain = '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>'
    expected = format_html(named, css, label, href) if label else format_html(plain, css, href)
    assert markup.icon(href, css, label) == expected


@pytest.mark.parametrize("turn", [1, -1])
def test_a_badge_that_is_html_does_not_let_the_same_text_pass_for_html(turn):
    made = {type(text): markup.badge(text, "") for text in ("<i>x</i>", mark_safe("<i>x</i>"))[::turn]}
    assert made[str] == '<span class="badge">&lt;i&gt;x&lt;/i&gt;</span>'
    assert made[SafeString] == '<span class="badge"><i>x</i></span>'
