"""Every form and every query with hostile values: no fault, no way out, nothing unescaped, nothing typed is lost.

A few values for each form here; the benchmark R3C sends all of them.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests import matrix
from tests.hostile_walk import Judge, Walk

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    """Return the walk through a world that is undone afterwards, with every page read."""
    with django_db_blocker.unblock(), matrix.quietly(), transaction.atomic():
        world = matrix.World()
        walked = Walk(world, Judge())
        walked.read(matrix.routes())
        yield walked
        transaction.set_rollback(True)


def test_forms_are_found(walk):
    posted = {route.name for route in matrix.routes() if "POST" in matrix.methods(route)}
    assert posted <= walk.forms.keys()
    shown = [form for forms in walk.forms.values() for form in forms if form.is_shown]
    assert len(shown) > 200


def test_hostile_forms(walk):
    walk.post()
    assert walk.judge.faults == []


def test_hostile_queries(walk):
    walk.query()
    assert walk.judge.faults == []


def test_what_was_planted_is_shown_escaped(walk):
    with transaction.atomic():
        taken = walk.plant()
        walk.crawl()
        transaction.set_rollback(True)
    assert len(taken) > 20, "the forms do not take texts any more: what is asked proves nothing"
    assert walk.judge.faults == []
