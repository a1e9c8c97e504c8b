"""Letter types and messages for tests, made by the room's own concepts."""

import datetime as dt
import itertools
from io import BytesIO
from typing import Any

from contacts.models import ContactPoint
from memo import building, letter_types, skeletons
from memo.elements import Version
from memo.models import LetterType
from organisations.callers import Caller
from organisations.models import Organisation
from tests.factories import organisations

CALLER = Caller.command("test")
AT = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def letter_type(
    name: str = "", *, organisation: Organisation | None = None, point: ContactPoint | None = None, **values: Any
) -> LetterType:
    """Return a saved letter type; without a point its mark is missing."""
    owner = organisation or (point.organisation if point else organisations.organisation())
    if point:
        values |= {"reply_point_id": point.pk, "reply_point_name": point.name}
    made = LetterType(organisation=owner, name=name or f"Brev {next(_numbers)}", **values)
    return letter_types.create(caller=CALLER, letter_type=made)


def with_point(made: LetterType) -> LetterType:
    """Return the letter type as a page reads it."""
    return LetterType.objects.with_point().select_related("organisation").get(pk=made.pk)


def message(made: LetterType, *, version: Version = Version.V1_1, at: dt.datetime = AT) -> bytes:
    """Return a letter that is as its type says."""
    out = BytesIO()
    building.write(skeletons.message(with_point(made), version=version, at=at), out)
    return out.getvalue()
