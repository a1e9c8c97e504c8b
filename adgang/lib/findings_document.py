"""`docs/findings.md`: every code a check can find, made from the tables that the rooms register."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext, override

from adgang.lib.findings import FindingText, texts

INTRODUCTION = """\
# Findings

Every code that a check or a rule of the portal can answer with. Codes are stable: scripts may match on them.
An *error* refuses, a *warning* wants attention, an *info* explains. Words in braces are values.

This file is made by `manage.py findings`; change the tables in the code, not the file.
"""


def path() -> Path:
    """Return where the document is kept."""
    return Path(settings.BASE_DIR) / "docs" / "findings.md"


def document() -> str:
    """Return the document as Markdown, in both languages."""
    return INTRODUCTION + "".join(_section(code, text) for code, text in texts().items())


def _section(code: str, text: FindingText) -> str:
    lines = [f"\n## `{code}` – {text.severity}\n"]
    for language, name in (("da", "Dansk"), ("en", "English")):
        with override(language):
            said = " → ".join(_plain(gettext(part)) for part in (text.message, text.remedy) if part)
        lines.append(f"\n- *{name}:* {said}")
    return "".join(lines) + "\n"


def _plain(text: str) -> str:
    """Show %(name)s as {name}."""
    return text.replace("%(", "{").replace(")s", "}")
