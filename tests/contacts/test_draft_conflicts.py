"""What must be decided before a draft can be published: conflicts in words, and what would not hold together."""

import pytest

from contacts import deleting, moving
from contacts.deleting import Children
from contacts.drafts import deciding, lifecycle, publishing
from contacts.models import ContactGroup, ContactPoint, DraftChange
from contacts.positions import Edge
from tests.contacts.drafting import begin, change_live, delete_point, edit, move_group
from tests.contacts.people import READ, authority, last_event, owner, queries, reader, statuses, url
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db
DECIDE = {"owner": 302, "reader": 403, "colleague": 403, "stranger": 404}


def world():
    """Pas: the name and the audiences changed by both; the draft deletes Skat, which others rename."""
    org = authority()
    system = org.systems.get()
    first, second = (contacts.point(name, organisation=org, system=system) for name in ("Pas", "Skat"))
    draft = begin(org)
    edit(draft, first.pk, name="Mit", for_companies=True, description="Min")
    delete_point(draft, second.pk)
    change_live(first, name="Deres", description="Deres")
    change_live(second, name="Told")
    return org, draft, first, second


def shown(org, draft):
    """(object, field, was, draft, now) as the page tells it."""
    page = owner(org).get(url(org, "draft_conflicts", draft.pk))
    return [
        (one.name, choice.sides.label, choice.sides.was, choice.sides.mine, choice.sides.theirs)
        for one in page.context["objects"]
        for choice in one.choices
    ]


def decide(org, draft, kept, *, obj=None, field=None, client=None):
    seen = deciding.digest(deciding.chosen(lifecycle.read(draft), obj and obj.pk, field))
    data = {"behold": kept, "set": seen}
    data |= {"objekt": obj.pk} if obj else {}
    data |= {"felt": field} if field is not None else {}
    return (client or owner(org)).post(url(org, "draft_decide", draft.pk), data, follow=True)


def test_who_may():
    org, draft, _first, _second = world()
    assert statuses(org, "draft_conflicts", draft.pk) == READ
    assert statuses(org, "draft_decide", draft.pk, method="post") == DECIDE
    assert owner(org).get(url(org, "draft_decide", draft.pk)).status_code == 405
    other = contacts.draft(organisation=authority())
    assert owner(org).get(url(org, "draft_conflicts", other.pk)).status_code == 404


def test_each_in_words():
    org, draft, _first, _second = world()
    assert shown(org, draft) == [
        ("Deres", "Navn", "Pas", "Mit", "Deres"),
        ("Deres", "Beskrivelse", "Her kan du skrive til os.", "Min", "Deres"),
        ("Skat", "Det hele", "er der", "slettet", "Navn: Told"),
    ]
    text = owner(org).get(url(org, "draft_conflicts", draft.pk)).content.decode()
    assert url(org, "draft_point", draft.pk, _first.pk) in text
    assert "Alle 3: behold kladdens" in text


def test_places_order_and_systems_in_words():
    org = authority()
    here, there, moved = (contacts.group(name, organisation=org) for name in ("A", "B", "C"))
    old = org.systems.get()
    new, other = (systems.system(organisation=org, name=name, active=True) for name in ("Nyt", "Andet"))
    point = contacts.point("Pas", groups=(here,), system=old)
    draft = begin(org)
    move_group(draft, moved.pk, here.pk)
    move_group(draft, there.pk, None, Edge.FIRST)
    edit(draft, point.pk, system=new)
    change_live(point, system=other)
    moving.move_group(caller=CALLER, group=moved, to=there, version=moved.version)
    moving.move_group(caller=CALLER, group=there, to=None, version=there.version)
    assert shown(org, draft) == [
        ("B", "Rækkefølge", "nummer 2 af 2", "nummer 1 af 2", "nummer 2 af 2"),
        ("C", "Står i", "Øverste niveau", "A", "B"),
        ("Pas", "Modtagersystem", "Postsystem", "Nyt", "Andet"),
    ]


@pytest.mark.parametrize(("kept", "name"), [("udkast", "Mit"), ("struktur", "Deres")])
def test_one_field_is_decided(kept, name):
    org, draft, first, _second = world()
    assert "1 konflikt er afgjort." in decide(org, draft, kept, obj=first, field="name").content.decode()
    assert [label for _name, label, *_ in shown(org, draft)] == ["Beskrivelse", "Det hele"]
    assert lifecycle.read(draft).after.points[first.pk].values.name == name
    tag, _before, after = last_event(org)
    kept_in_log = {"udkast": "draft", "struktur": "structure"}[kept]
    assert (tag, after) == (
        "DRAFT_CONFLICT_DECIDED",
        {"objects": ["Deres (name)"], "count": 1, "kept": kept_in_log},
    )


def test_all_of_one_object():
    org, draft, first, _second = world()
    assert "2 konflikter er afgjort." in decide(org, draft, "struktur", obj=first).content.decode()
    assert [name for name, *_ in shown(org, draft)] == ["Skat"]
    values = lifecycle.read(draft).after.points[first.pk].values
    assert (values.name, values.description, values.for_companies) == ("Deres", "Deres", True)


@pytest.mark.parametrize(("kept", "names"), [("udkast", {"Mit"}), ("struktur", {"Deres", "Told"})])
def test_all_at_once_and_then_published(kept, names):
    org, draft, _first, _second = world()
    decide(org, draft, kept)
    assert shown(org, draft) == []
    publishing.publish(caller=CALLER, draft=draft)
    assert set(ContactPoint.objects.values_list("name", flat=True)) == names


def test_taking_a_place_takes_the_position_in_it_too():
    org = authority()
    here, there, moved = (contacts.group(name, organisation=org) for name in ("A", "B", "C"))
    contacts.group("D", parent=here)
    draft = begin(org)
    move_group(draft, moved.pk, here.pk, Edge.FIRST)
    moving.move_group(caller=CALLER, group=moved, to=there, version=moved.version)
    decide(org, draft, "struktur", obj=moved, field="parent")
    assert not DraftChange.objects.exists()
    assert lifecycle.read(draft).is_ready
    assert ContactGroup.objects.get(pk=moved.pk).parent_id == there.pk


def test_nothing_is_decided_unseen():
    org, draft, first, _second = world()
    client = owner(org)
    seen = deciding.digest(deciding.chosen(lifecycle.read(draft), first.pk, "name"))
    change_live(first, name="Igen")
    data = {"objekt": first.pk, "felt": "name", "behold": "udkast", "set": seen}
    answer = client.post(url(org, "draft_decide", draft.pk), data, follow=True).content.decode()
    assert "Det er ændret i mellemtiden, så intet er afgjort." in answer
    assert ("Igen", "Navn", "Pas", "Mit", "Igen") in shown(org, draft)
    for nonsense in ({}, {"behold": "begge", "set": seen}, {"objekt": "x", "behold": "udkast", "set": seen}):
        client.post(url(org, "draft_decide", draft.pk), nonsense)
    assert len(shown(org, draft)) == 3


def test_what_does_not_hold_together_with_its_cure():
    org = authority()
    group, moved = (contacts.group(name, organisation=org) for name in ("Afdeling", "Team"))
    draft = begin(org)
    move_group(draft, moved.pk, group.pk)
    deleting.delete_group(caller=CALLER, group=group, children=Children.MOVE_UP, version=group.version)
    text = owner(org).get(url(org, "draft_conflicts", draft.pk)).content.decode()
    assert "Team ville stå i en gruppe, der ikke findes længere." in text
    assert f'href="{url(org, "draft_group", draft.pk, moved.pk)}"' in text


def test_readers_see_and_decide_nothing():
    org, draft, _first, _second = world()
    text = reader(org).get(url(org, "draft_conflicts", draft.pk)).content.decode()
    assert "Skal afgøres" in text
    assert "Behold kladdens" not in text


def test_nothing_to_decide():
    org = authority()
    text = owner(org).get(url(org, "draft_conflicts", begin(org).pk)).content.decode()
    assert "Der er intet at afgøre" in text


def test_as_many_queries_with_many_conflicts():
    org, draft, first, _second = world()
    few = queries(owner(org), url(org, "draft_conflicts", draft.pk))
    others = [contacts.point(f"P{number}", organisation=org, system=first.system) for number in range(4)]
    for other in others:
        edit(draft, other.pk, name="Mit")
        change_live(other, name="Deres")
    assert queries(owner(org), url(org, "draft_conflicts", draft.pk)) == few
