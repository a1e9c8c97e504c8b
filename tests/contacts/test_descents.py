"""What is told of the way to a group: the same whichever groups were asked for before."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from contacts import cells
from contacts.differences import PathCells
from contacts.loading import GroupNode, PointNode, Structure
from contacts.values import GroupValues, PointValues
from systems.models import System

IDS = [uuid.UUID(int=number) for number in range(1, 9)]
PARENTS = st.lists(st.sampled_from([None, *IDS]), min_size=len(IDS), max_size=len(IDS))


def structure(parents, names=("A", "B/b", "C|c", "", "E", "F", "A", "H\\")):
    rows = zip(IDS, parents, names, strict=True)
    return Structure(groups={pk: GroupNode(pk, parent, GroupValues(name=name)) for pk, parent, name in rows})


@given(PARENTS, st.permutations(IDS))
def test_a_path_is_that_of_the_names_from_the_top(parents, order):
    """Also where groups stand below themselves, as a file may say."""
    made = structure(parents)
    paths = PathCells(made)
    for pk in order:
        point = PointNode(pk, PointValues(name="P", system=System()), [pk, None])
        expected = cells.join_paths([cells.path_text(made.names(pk)), ""])
        assert paths.of(point) == expected
        assert paths.of(made.groups[pk]) == cells.path_text(made.names(made.groups[pk].parent_id))


def test_groups_are_gone_through_once():
    """However deep they stand, and however many are asked for."""
    made = structure([None, *IDS[:-1]])
    paths = PathCells(made)
    for pk in (*reversed(IDS), *IDS):
        paths.of(made.groups[pk])
    assert paths.descents.known.keys() == {None, *IDS[:-1]}
