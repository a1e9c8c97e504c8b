"""A contact point in a draft: shown, made, changed, moved, placed, ordered, deleted."""

import uuid

import pytest

from contacts.drafts import lifecycle
from contacts.models import ContactPoint
from tests.contacts.people import CHANGE, READ, filled, last_event, owner, statuses, url
from tests.contacts.test_draft import DROP, names, world

pytestmark = pytest.mark.django_db


def test_who_may():
    org, draft, _groups, (a, _b, _c) = world()
    assert statuses(org, "draft_point", draft.pk, a.pk) == READ
    assert statuses(org, "draft_point_create", draft.pk) == CHANGE
    assert statuses(org, "draft_point_order", draft.pk, a.pk) == DROP
    for name in (
        "draft_point_edit",
        "draft_point_move",
        "draft_point_place",
        "draft_point_unplace",
        "draft_point_delete",
    ):
        assert statuses(org, name, draft.pk, a.pk) == CHANGE
        assert owner(org).get(url(org, name, draft.pk, uuid.uuid4())).status_code == 404


def test_one_is_made_with_the_id_it_will_have():
    org, draft, (first, _second), _points = world()
    client, page = owner(org), url(org, "draft_point_create", draft.pk, gruppe=str(first.pk))
    answers = filled(client, page) | {"name": "Nyt", "state": "OPEN"}
    text = client.post(page, answers, follow=True).content.decode()
    now = lifecycle.read(draft).after
    made = next(node for node in now.points.values() if node.values.name == "Nyt")
    assert str(made.id) in text
    assert names(now, first.pk) == ["a", "b", "Nyt"]
    assert ContactPoint.objects.count() == 3


def test_one_is_changed_with_its_state_and_successor():
    org, draft, _groups, (a, _b, c) = world()
    client, page = owner(org), url(org, "draft_point_edit", draft.pk, a.pk)
    mine = filled(client, page)
    assert mine["state"] == "OPEN"
    assert "Fejl" in client.post(page, mine | {"replaced_by": "findes ikke"}).content.decode()
    answers = mine | {"state": "REPLY_ONLY", "replaced_by": "c", "search_terms": "rejse\npas"}
    text = client.post(page, answers, follow=True).content.decode()
    assert "Kun retursvar" in text
    values = lifecycle.read(draft).after.points[a.pk].values
    assert (values.active, values.visible, values.replaced_by) == (True, False, c.pk)
    assert values.search_terms == ("rejse", "pas")
    assert client.post(page, mine | {"name": "Mit"}).status_code == 409
    a.refresh_from_db()
    assert a.visible
    tag, before, after = last_event(org)
    assert (tag, before[str(a.pk)]["visible"], after[str(a.pk)]["visible"]) == ("DRAFT_CHANGED", True, False)


def test_a_circle_of_successors_is_refused():
    org, draft, _groups, (a, _b, c) = world()
    client = owner(org)
    for point, by in ((a, "c"), (c, "a")):
        page = url(org, "draft_point_edit", draft.pk, point.pk)
        response = client.post(page, filled(client, page) | {"replaced_by": by})
    assert list(response.context["form"].errors) == ["replaced_by"]


def test_one_is_moved_placed_and_taken_out():
    org, draft, (first, second), (a, _b, _c) = world()
    client = owner(org)
    page = url(org, "draft_point_place", draft.pk, a.pk)
    client.post(page, filled(client, page) | {"to": str(second.pk)})
    now = lifecycle.read(draft).after
    assert names(now, second.pk) == ["c", "a"]
    page = url(org, "draft_point_move", draft.pk, a.pk, plads=str(first.pk))
    client.post(page, filled(client, page) | {"to": "top"})
    now = lifecycle.read(draft).after
    assert (names(now, None), names(now, first.pk)) == (["A", "B", "a"], ["b"])
    page = url(org, "draft_point_unplace", draft.pk, a.pk, plads="top")
    response = client.get(page)
    data = {"plads": "top", "version": response.context["hidden"]["version"]}
    assert "er taget ud af gruppen i kladden" in client.post(page, data, follow=True).content.decode()
    assert lifecycle.read(draft).after.points[a.pk].group_ids == [second.pk]
    data["version"] = client.get(url(org, "draft_point", draft.pk, a.pk)).context["stamp"]
    data["plads"] = str(second.pk)
    assert "eneste sted" in client.post(page, data, follow=True).content.decode()
    assert client.get(url(org, "draft_point_move", draft.pk, a.pk, plads=str(first.pk))).status_code == 404


def test_one_goes_a_step():
    org, draft, (first, _second), (a, _b, _c) = world()
    client, page = owner(org), url(org, "draft_point_order", draft.pk, a.pk)
    version = client.get(url(org, "draft_point", draft.pk, a.pk)).context["stamp"]
    client.post(page, {"direction": "down", "plads": str(first.pk), "version": version})
    assert names(lifecycle.read(draft).after, first.pk) == ["b", "a"]
    text = client.post(page, {"direction": "down", "plads": str(first.pk), "version": version}, follow=True)
    assert "der er intet gjort" in text.content.decode()


def test_one_is_deleted():
    org, draft, (first, _second), (a, _b, _c) = world()
    client, page = owner(org), url(org, "draft_point_delete", draft.pk, a.pk)
    response = client.get(page)
    assert "afvises svar på breve" in response.content.decode()
    client.post(page, {"version": response.context["hidden"]["version"]})
    assert names(lifecycle.read(draft).after, first.pk) == ["b"]
    assert client.get(url(org, "draft_point", draft.pk, a.pk)).status_code == 404
    assert ContactPoint.objects.count() == 3
