"""How the lists of a letter type are written: codes, actions, and what the writer is asked for."""

from dataclasses import dataclass

from adgang.lib.findings import Finding, finding
from contacts import codes
from contacts.models import CodeType
from contacts.values import Code
from memo.rules import ACTION_CODES, APPOINTMENT, HTTPS

MAX_TEXT = 256
MAX_CONTACT_INFO = 2  # memo:ContactPoint holds at most two memo:ContactInfo
BETWEEN = "|"
CARRIED = (CodeType.KLE, CodeType.FORM)  # the classifications that memo:ContentData knows


@dataclass(frozen=True)
class ActionValue:
    """An action that every letter of the type offers: its code, the words on it, and where it leads."""

    code: str
    label: str
    url: str

    def __str__(self) -> str:
        return f" {BETWEEN} ".join((self.code, self.label, self.url))


def action(text: str) -> ActionValue:
    """Return the action that “CODE | words | https://…” writes; whether it is in order `action_fault` says."""
    code, label, url = ([part.strip() for part in text.split(BETWEEN, 2)] + ["", ""])[:3]
    return ActionValue(code.upper(), label, url)


def action_fault(one: ActionValue) -> Finding | None:
    """Return what is wrong with an action, or None. An appointment needs a time, so it cannot be had by default."""
    choices = [code for code in ACTION_CODES if code != APPOINTMENT]
    if one.code not in choices:
        return finding("letter.action.code", value=one.code, choices=choices)
    if not one.label or not HTTPS.match(one.url) or len(one.label) > MAX_TEXT or len(one.url) > MAX_TEXT:
        return finding("letter.action.form", value=str(one))
    return None


def code_fault(code: Code) -> Finding | None:
    """Return what is wrong with a code, or None; MeMo carries one of KLE and one of FORM."""
    if code.type not in CARRIED:
        return finding("letter.code.type", value=code.type or code.code)
    return codes.fault(code)


def first_of(texts: list[str], type_: CodeType) -> Code | None:
    """Return the first code of a classification among codes as they are kept."""
    return next((code for code in map(codes.parse, texts) if code.type == type_), None)
