"""What is odd about a text that is right by its type: empty, blanks around it, numbers not of their form."""

import re
from collections.abc import Iterator
from typing import Any

from adgang.lib.cvr import has_valid_check
from memo.elements import Type
from memo.simple_types import BLANK, COLLAPSED, shown

Odd = tuple[str, dict[str, Any]]
NOTIFICATION_SHOWN = 150
TEXTS = frozenset({Type.TEXT, Type.COMMENT, Type.LICENCE, Type.URI})
MAY_HAVE_BLANKS = TEXTS | COLLAPSED | {Type.NOTIFICATION}
CPR, CVR = re.compile(r"\d{10}", re.ASCII), re.compile(r"\d{8}", re.ASCII)
PNUMBER, GLN = re.compile(r"\d{10}", re.ASCII), re.compile(r"\d{13}", re.ASCII)
# Elements that hold a number of a known form, and what people call it.
FORMS = {
    "grd:cprNumber": (CPR, "CPR"),
    "grd:cvrNumber": (CVR, "CVR"),
    "grd:seNumber": (CVR, "SE"),
    "grd:productionUnitNumber": (PNUMBER, "P-nummer"),
    "gln:globalLocationNumber": (GLN, "GLN"),
}
CODES = (
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofrfygagdglgngugv"
    "hahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimkmlmnmrmsmtmy"
    "nanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsdsesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotr"
    "tstttwtyugukuruzvevivowawoxhyiyozazhzu"
)
ISO_639_1 = frozenset(CODES[at : at + 2] for at in range(0, len(CODES), 2))


def judge_text(name: str, type_: Type, text: str, value: Any) -> Iterator[Odd]:
    """Yield (code, values) of what is odd about the text of an element of that name and type."""
    if type_ in TEXTS and not text.strip():
        yield "memo.value.empty", {}
        return
    if type_ in MAY_HAVE_BLANKS and text.strip() and (text[0] in BLANK or text[-1] in BLANK):
        yield "memo.value.blanks", {}
    if type_ is Type.NOTIFICATION and len(text) > NOTIFICATION_SHOWN:
        yield "memo.value.notification_long", {"length": len(text)}
    elif type_ is Type.LANGUAGE and value.lower() not in ISO_639_1:
        yield "memo.value.unknown_language", {"value": value}
    elif name in FORMS and not _has_form(name, text.strip()):
        yield "memo.value.form", {"value": shown(text), "kind": FORMS[name][1]}


def _has_form(name: str, text: str) -> bool:
    pattern, kind = FORMS[name]
    if not pattern.fullmatch(text):
        return False
    if kind == "GLN":
        weighted = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(text[:12]))
        return (10 - weighted % 10) % 10 == int(text[12])
    return has_valid_check(text) if kind == "CVR" else True
