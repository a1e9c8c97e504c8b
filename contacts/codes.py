"""The form of codes: KLE, FORM, GLN, SOR, and codes of one's own.

A code is written `TYPE:code:version:name:label`, what is empty at the end left out: `KLE:32.24.04`,
`GLN:5790000000005`, `CUSTOM:123:::Afdeling`. On a form a blank may stand for the first colon.
"""

import re

from adgang.lib.findings import Finding, finding
from contacts.cells import escape, split
from contacts.models import CodeType
from contacts.models.belongings import MAX_CODE
from contacts.texts import one_line
from contacts.values import CODE_FIELDS, Code

# Subject group of KLE, perhaps with the facet of what is done: 32.24.04 or 32.24.04 G01.
KLE = re.compile(r"\d\d\.\d\d\.\d\d(?: [A-ZÆØÅ]\d\d)?", re.ASCII)
KLE_FACET = re.compile(r"(?<=\d)\s*(?=[A-ZÆØÅ]\d\d$)")
# Service area, group, service, task.
FORM = re.compile(r"\d\d(?:\.\d\d){3}", re.ASCII)
GLN = re.compile(r"\d{13}", re.ASCII)
SOR = re.compile(r"\d{1,18}", re.ASCII)
FORMS = {CodeType.KLE: KLE, CodeType.FORM: FORM, CodeType.GLN: GLN, CodeType.SOR: SOR}

# What Excel makes of codes: 5,79E+12 of a GLN, 03-04-2026 or 03-apr of a KLE, 27.3.8 of 27.03.08.
SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
MONTH = r"(?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)\.?"
DATES = (
    rf"\d{{1,2}}[-/ ](?:\d{{1,2}}|{MONTH})(?:[-/ .]\d{{2,4}})?",
    rf"\d{{1,2}}\.{MONTH}",
    r"\d{1,2}\.\d{1,2}\.\d{4}",
    rf"{MONTH}-\d{{2,4}}",
)
DATE = re.compile("|".join(DATES), re.IGNORECASE)
FEW_DIGITS = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}", re.ASCII)


def parse(text: str) -> Code:
    """Return the code that `text` writes; its type and form are not checked yet."""
    parts = [one_line(part) for part in split(text, ":")]
    if len(parts) == 1 and " " in parts[0]:
        parts = parts[0].split(" ", 1)
    type_, code, version, name, label = (parts + [""] * 5)[:5]
    if len(parts) == 1:
        type_, code = "", parts[0]
    type_ = type_.upper()
    return Code(type=type_, code=tidy(type_, code), code_version=version, name=name, type_name=label)


def tidy(type_: str, code: str) -> str:
    """Return a code in the one form in which codes of its type are kept."""
    if type_ == CodeType.KLE:
        return KLE_FACET.sub(" ", code.upper())
    return code.replace(" ", "") if type_ == CodeType.GLN else code


def write(code: Code) -> str:
    """Return the text that `parse` reads as `code`."""
    parts = [escape(getattr(code, name), ":") for name in CODE_FIELDS]
    while not parts[-1]:
        parts.pop()
    return ":".join(parts)


def fault(code: Code) -> Finding | None:
    """Return what is wrong with a code, or None."""
    if code.type not in CodeType.values:
        return finding("code.type", code=code.code or code.type, types=", ".join(CodeType.values))
    if not code.code or len(code.code) > MAX_CODE:
        return finding("code.missing" if not code.code else "code.long", type=code.type, longest=MAX_CODE)
    if code.type == CodeType.CUSTOM:
        return None if code.type_name else finding("code.label", code=code.code)
    if damage := damaged(code.code):
        return finding(damage, code=code.code, type=code.type, form=_form(code.type))
    if not FORMS[CodeType(code.type)].fullmatch(code.code):
        return finding("code.form", code=code.code, type=code.type, form=_form(code.type))
    if code.type == CodeType.GLN and not gln_check_digit_fits(code.code):
        return finding("code.gln", code=code.code)
    return None


def _form(type_: str) -> str:
    return {"KLE": "NN.NN.NN", "FORM": "NN.NN.NN.NN", "GLN": "13 × N", "SOR": "N…"}[type_]


def damaged(text: str) -> str:
    """Return the finding's code for what Excel did to a code, or "" when it looks whole."""
    if SCIENTIFIC.fullmatch(text):
        return "excel.scientific"
    if FEW_DIGITS.fullmatch(text) and not (KLE.fullmatch(text) or FORM.fullmatch(text)) and text.count(".") > 1:
        return "excel.zeros"
    return "excel.date" if DATE.fullmatch(text) and not KLE.fullmatch(text) else ""


def gln_check_digit_fits(digits: str) -> bool:
    """Say whether the last of 13 digits is the check digit of the others (GS1, modulus 10, weights 1 and 3)."""
    weighted = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits[:12]))
    return (10 - weighted % 10) % 10 == int(digits[12])
