"""A group in a draft: shown, made, changed, moved, ordered, copied, deleted."""

import uuid

import pytest

from contacts.drafts import editing, lifecycle
from contacts.models import ContactGroup
from tests.contacts.people import CHANGE, READ, filled, last_event, owner, statuses, url
from tests.contacts.test_draft import DROP, names, world
from tests.factories.contacts import CALLER, names_below

pytestmark = pytest.mark.django_db


def test_who_may():
    org, draft, (first, _second), _points = world()
    assert statuses(org, "draft_group", draft.pk, first.pk) == READ
    assert statuses(org, "draft_group_create", draft.pk) == CHANGE
    assert statuses(org, "draft_group_order", draft.pk, first.pk) == DROP
    for name in ("draft_group_edit", "draft_group_move", "draft_group_copy", "draft_group_delete"):
        assert statuses(org, name, draft.pk, first.pk) == CHANGE
        assert owner(org).get(url(org, name, draft.pk, uuid.uuid4())).status_code == 404


def test_one_is_made_and_shown_as_new():
    org, draft, (first, _second), _points = world()
    client, page = owner(org), url(org, "draft_group_create", draft.pk, gruppe=str(first.pk))
    assert "Den kommer til at stå i A" in client.get(page).content.decode()
    assert "Udfyld: Navn" in client.post(page, {"name": ""}).content.decode()
    text = client.post(page, {"name": "Ny afdeling"}, follow=True).content.decode()
    assert "Den findes først, når kladden er udgivet" in text
    assert names(lifecycle.read(draft).after, first.pk) == ["Ny afdeling", "a", "b"]
    assert not ContactGroup.objects.filter(name="Ny afdeling").exists()
    assert client.get(url(org, "draft_group_create", draft.pk, gruppe=str(uuid.uuid4()))).status_code == 404


def test_one_is_changed_and_the_page_says_how():
    org, draft, (first, _second), _points = world()
    client, page = owner(org), url(org, "draft_group_edit", draft.pk, first.pk)
    mine = filled(client, page) | {"name": "Mit"}
    text = client.post(page, mine | {"name": "Omdøbt"}, follow=True).content.decode()
    assert "<del>A</del>" in text
    assert "<ins>Omdøbt</ins>" in text
    response = client.post(page, mine)
    assert response.status_code == 409
    assert "Omdøbt" in response.content.decode()
    assert "Mit" in response.content.decode()
    first.refresh_from_db()
    assert first.name == "A"
    tag, before, after = last_event(org)
    assert (tag, before[str(first.pk)]["name"], after[str(first.pk)]["name"]) == ("DRAFT_CHANGED", "A", "Omdøbt")


def test_what_was_deleted_in_the_draft_meanwhile():
    org, draft, (first, _second), _points = world()
    client, page = owner(org), url(org, "draft_group_edit", draft.pk, first.pk)
    mine = filled(client, page)
    lifecycle.change(
        caller=CALLER,
        draft=draft,
        act=lambda now: editing.delete_group(now, now.groups[first.pk], editing.Children.DELETE),
    )
    assert client.post(page, mine).status_code == 404


def test_one_is_moved_with_its_branch():
    org, draft, (first, second), _points = world()
    client, page = owner(org), url(org, "draft_group_move", draft.pk, second.pk)
    answers = filled(client, page) | {"to": str(first.pk)}
    assert "B står nu i: A." in client.post(page, answers, follow=True).content.decode()
    assert names(lifecycle.read(draft).after, first.pk) == ["B", "a", "b"]
    assert "der er intet gjort" in client.post(page, answers, follow=True).content.decode()
    below = client.get(url(org, "draft_group_move", draft.pk, first.pk, q="b"))
    assert [label for _value, label in below.context["targets"].choices][1:] == []


def test_one_goes_a_step():
    org, draft, (_first, second), _points = world()
    client, page = owner(org), url(org, "draft_group_order", draft.pk, second.pk)

    def version():
        return client.get(url(org, "draft_group", draft.pk, second.pk)).context["stamp"]

    client.post(page, {"direction": "up", "version": version()})
    assert names(lifecycle.read(draft).after, None) == ["B", "A"]
    assert names_below(org) == ["A", "B"]
    text = client.post(page, {"direction": "up", "version": version()}, follow=True).content.decode()
    assert "B står allerede yderst i den ende." in text
    client.post(page, {"direction": "down", "version": version()})
    assert names(lifecycle.read(draft).after, None) == ["A", "B"]
    text = client.post(page, {"direction": "up", "version": "1"}, follow=True).content.decode()
    assert "der er intet gjort" in text
    assert client.post(page, {"direction": "sideways"}).status_code == 405


def test_a_branch_is_copied():
    org, draft, (first, _second), _points = world()
    client, page = owner(org), url(org, "draft_group_copy", draft.pk, first.pk)
    answers = filled(client, page)
    assert answers["name"] == "A (kopi)"
    client.post(page, answers | {"name": "A2"})
    now = lifecycle.read(draft).after
    assert names(now, None) == ["A", "B", "A2"]
    copy = next(node for node in now.groups.values() if node.values.name == "A2")
    assert names(now, copy.id) == ["a", "b"]
    assert len(now.points) == 5


@pytest.mark.parametrize(("children", "left"), [("move", ["B", "a", "b"]), ("delete", ["B"])])
def test_one_is_deleted(children, left):
    org, draft, (first, _second), _points = world()
    client, page = owner(org), url(org, "draft_group_delete", draft.pk, first.pk)
    response = client.get(page)
    assert "2 kontaktpunkter slettes også." in response.content.decode()
    data = {"children": children, "version": response.context["stamp"]}
    assert "er slettet i kladden" in client.post(page, data, follow=True).content.decode()
    assert names(lifecycle.read(draft).after, None) == left
    assert ContactGroup.objects.count() == 2
