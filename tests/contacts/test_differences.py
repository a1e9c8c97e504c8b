"""The difference of two structures: a field is told when its cell in the file is another."""

import uuid
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contacts.csv_columns import COLUMNS, Kind, cell
from contacts.differences import Act, FieldChange, changes
from contacts.loading import PointNode, Structure
from contacts.planning import Plan
from contacts.values import Code, Mailbox, PointValues
from systems.models import System

PK, SYSTEM_IDS = uuid.UUID(int=1), (uuid.UUID(int=2), uuid.UUID(int=3))
TEXTS, SWITCHES, IDS = st.sampled_from(["", "a", "b"]), st.booleans(), st.sampled_from([None, *SYSTEM_IDS])


def lists(*entries):
    return st.sampled_from([(), entries, entries[:1]])


POINTS = st.builds(
    PointValues,
    name=st.sampled_from(["a", "b"]),
    # The same system may be called otherwise in the structure that is to be.
    system=st.builds(System, pk=st.sampled_from(SYSTEM_IDS), name=st.sampled_from(["S", "T"])),
    description=TEXTS,
    internal_description=TEXTS,
    for_citizens=SWITCHES,
    active=SWITCHES,
    visible=SWITCHES,
    registry_id=IDS,
    replaced_by=IDS,
    report_link_url=TEXTS,
    memo_size_threshold_mb=st.sampled_from([None, Decimal("12.5"), Decimal("12.50"), Decimal(3)]),
    allowed_number_of_attachments=st.sampled_from([None, 0, 5]),
    codes=lists(Code(type="KLE", code="23.05.01"), Code(type="KLE", code="23.05.01", name="Pas")),
    search_terms=lists("pas", "rejse"),
    translations=lists(Mailbox(1, 2), Mailbox(1, 3)),
)


def told(old, new):
    """Return what is told of a point with other values."""
    before, after = (Structure(points={PK: PointNode(PK, one, [None])}) for one in (old, new))
    return [one for change in changes(Plan(before=before, after=after)) for one in change.fields]


@given(POINTS, POINTS)
def test_what_is_told_is_every_cell_that_differs(old, new):
    cells = [(one.name, cell(one, Kind.POINT, old), cell(one, Kind.POINT, new)) for one in COLUMNS]
    expected = [FieldChange(*row) for row in cells if row[1] != row[2]]
    assert told(old, new) == ([] if old == new else expected)


def test_of_something_new_every_cell_is_told_that_holds_something():
    after = Structure(points={PK: PointNode(PK, PointValues(name="Pas", system=System(name="Post")), [None])})
    [change] = changes(Plan(before=Structure(), after=after))
    assert change.act is Act.CREATE
    assert {one.column: one.after for one in change.fields} == {
        "navn": "Pas",
        "aktiv": "ja",
        "synlig": "ja",
        "modtagersystem": "Post",
    }
