"""What a draft changes: as list, tree and file, narrowed and paged; and taking a change out again."""

import pytest
from django.conf import settings

from contacts.deleting import Children
from contacts.drafts import editing, lifecycle, publishing
from contacts.models import ContactGroup, DraftChange
from contacts.positions import Edge
from organisations.models import Event
from tests.contacts.drafting import add_group, add_point, begin, delete_point, edit, move_group
from tests.contacts.people import READ, authority, last_event, owner, queries, reader, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db
REVERT = {"owner": 302, "reader": 403, "colleague": 403, "stranger": 404}


def page(org, draft, **query):
    return owner(org).get(url(org, "draft_changes", draft.pk, **query))


def told(response):
    """(name, marks) of each change, in the order of the page."""
    return [(row.change.name, [str(text) for text, _ in row.badges]) for row in response.context["look"].rows]


def world():
    """A (Pas, Skat), B; the draft has a new group with a point, renames Pas, deletes Skat, and puts A below B."""
    org = authority()
    first, second = contacts.group("A", organisation=org), contacts.group("B", organisation=org)
    renamed, gone = contacts.point("Pas", groups=(first,)), contacts.point("Skat", groups=(first,))
    draft = begin(org)
    made = add_group(draft, "Ny afdeling")
    add_point(draft, "Nyt punkt", made)
    edit(draft, renamed.pk, name="Pas og kørekort", active=False, visible=False)
    delete_point(draft, gone.pk)
    move_group(draft, first.pk, second.pk)
    return org, draft, made


def test_who_may():
    org, draft, _made = world()
    assert statuses(org, "draft_changes", draft.pk) == READ
    assert statuses(org, "draft_revert", draft.pk, method="post") == REVERT
    assert owner(org).get(url(org, "draft_revert", draft.pk)).status_code == 405
    other = contacts.draft(organisation=authority())
    assert owner(org).get(url(org, "draft_changes", other.pk)).status_code == 404


def test_all_of_it_in_the_order_of_the_tree():
    org, draft, _made = world()
    response = page(org, draft)
    assert told(response) == [
        ("Skat", ["Slettet"]),
        ("A", ["Flyttet"]),
        ("Pas og kørekort", ["Ændret"]),
        ("Ny afdeling", ["Ny"]),
        ("Nyt punkt", ["Ny"]),
    ]
    text = response.content.decode()
    assert "<dt>Navn</dt><dd><del>Pas</del>" in text
    assert "<dt>Status</dt><dd><del>Åben</del>" in text
    assert "<ins>Lukket</ins>" in text
    assert "<dt>Står i</dt><dd><del>Øverste niveau</del>" in text


def test_in_english_too():
    org, draft, _made = world()
    client = owner(org)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = client.get(url(org, "draft_changes", draft.pk)).content.decode()
    assert "<dt>State</dt><dd><del>Open</del>" in text
    assert "<dt>Stands in</dt><dd><del>Top level</del>" in text


def test_as_a_tree_with_the_groups_above():
    org, draft, _made = world()
    inner = contacts.group("Dybt", parent=ContactGroup.objects.get(name="B"))
    edit(draft, inner.pk, name="Dybere")
    response = page(org, draft, vis="trae")
    tree = response.context["look"].tree
    assert [node.name for node in tree.below.values()] == ["A", "B", "Ny afdeling"]
    below = {node.name: sorted(node.below.values(), key=lambda one: one.name) for node in tree.below.values()}
    assert [(node.name, node.row is None) for node in below["B"]] == [("A", False), ("Dybere", False)]
    assert [node.name for node in below["A"]] == ["Skat"]
    assert "changes-branch" in response.content.decode()


def test_a_deep_tree_is_told_in_one_line():
    org = authority()
    parent = None
    for number in range(15):
        parent = contacts.group(f"G{number}", organisation=org, parent=parent)
    draft = begin(org)
    add_group(draft, "Nederst", parent.pk)
    tree = page(org, draft, vis="trae").context["look"].tree
    (top,) = tree.below.values()
    assert top.name == "G0 / G1 / G2 / G3 / G4 / G5"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"aendring": "ny"}, ["Ny afdeling", "Nyt punkt"]),
        ({"aendring": "flyttet"}, ["A"]),
        ({"aendring": "slettet"}, ["Skat"]),
        ({"slags": "gruppe"}, ["A", "Ny afdeling"]),
        ({"slags": "punkt", "aendring": "ny"}, ["Nyt punkt"]),
        ({"q": "KØREKORT"}, ["Pas og kørekort"]),
        ({"q": "findes ikke"}, []),
        ({"aendring": "vrøvl", "slags": "x", "side": "tre", "q": "pas"}, ["Pas og kørekort"]),
    ],
)
def test_narrowed(query, names):
    org, draft, _made = world()
    assert [name for name, _marks in told(page(org, draft, **query))] == names


def test_only_the_order_is_a_change_too():
    org = authority()
    groups = [contacts.group(name, organisation=org) for name in "ABCD"]
    points = [contacts.point(name, groups=(groups[0],)) for name in "xyz"]
    draft = begin(org)
    move_group(draft, groups[3].pk, None, Edge.FIRST)
    lifecycle.change(
        caller=CALLER,
        draft=draft,
        act=lambda now: editing.move_point(now, now.points[points[0].pk], groups[0].pk, groups[0].pk),
    )
    response = page(org, draft)
    assert told(response) == [("D", ["Flyttet"]), ("x", ["Flyttet"])]
    assert "<del>nummer 4 af 4</del>" in response.content.decode()
    assert "<ins>nummer 3 af 3</ins>" in response.content.decode()
    publishing.publish(caller=CALLER, draft=draft)
    assert contacts.names_below(org) == ["D", "A", "B", "C"]


def test_what_is_renumbered_is_not_moved():
    org = authority()
    groups = [contacts.group(name, organisation=org) for name in "ABC"]
    ContactGroup.objects.filter(pk=groups[1].pk).update(position=groups[0].position + 1)
    draft = begin(org)
    made = add_group(draft, "Ny")
    move_group(draft, made, None, groups[0].pk)
    publication = publishing.publish(caller=CALLER, draft=draft)
    kept = owner(org).get(url(org, "publication", publication.pk)).context["look"].rows
    assert [row.change.name for row in kept] == ["Ny"]


def test_long_ones_have_pages_and_go_on_one_to_be_printed():
    org = authority()
    draft = begin(org)

    def act(now):
        for number in range(130):
            editing.add_group(now, editing.GroupValues(name=f"Gruppe {number:03}"), None)

    lifecycle.change(caller=CALLER, draft=draft, act=act)
    first = page(org, draft)
    assert len(first.context["look"].rows) == 100
    assert "Viser 1–100 af 130" in first.content.decode()
    assert [name for name, _ in told(page(org, draft, side=2))][:1] == ["Gruppe 100"]
    assert len(page(org, draft, side="alle").context["look"].rows) == 130


def test_csv_guards_formulas_and_is_told_to_the_log():
    org = authority()
    draft = begin(org)
    add_group(draft, "=HYPERLINK()")
    response = page(org, draft, format="csv", aendring="ny")
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Hvad der sker;Type;Navn;Står i;Felt;Før;Efter;")
    assert lines[1].startswith("Ny;gruppe;'=HYPERLINK();Øverste niveau;")
    assert Event.objects.filter(tag="LIST_EXPORTED").count() == 1


def test_who_changed_it_and_when():
    org = authority()
    draft = begin(org)
    client = owner(org)
    data = {"name": "Ny", "description": "", "postkasse_ids": "", "registry_id": ""}
    assert client.post(url(org, "draft_group_create", draft.pk), data).status_code == 302
    change = DraftChange.objects.get()
    text = client.get(url(org, "draft_changes", draft.pk)).content.decode()
    assert change.changed_by.name in text


def test_a_change_is_taken_out():
    org, draft, _made = world()
    change = DraftChange.objects.get(object_id=ContactGroup.objects.get(name="A").pk)
    client = owner(org)
    response = client.post(
        url(org, "draft_revert", draft.pk), {"objekt": change.object_id, "tilbage": "aendring=ny&x=<b>"}
    )
    assert response.headers["Location"] == url(org, "draft_changes", draft.pk) + "?aendring=ny&x=%3Cb%3E"
    assert not DraftChange.objects.filter(pk=change.pk).exists()
    tag, before, after = last_event(org)
    assert (tag, [one["name"] for one in before.values()]) == ("DRAFT_CHANGED", ["A"])
    assert list(after) == [str(change.object_id)]
    again = client.post(url(org, "draft_revert", draft.pk), {"objekt": change.object_id}, follow=True)
    assert "Kladden ændrer det ikke længere." in again.content.decode()


def test_what_cannot_do_without_it_goes_too_once_that_is_agreed_to():
    org, draft, made = world()
    client = owner(org)
    asked = client.post(url(org, "draft_revert", draft.pk), {"objekt": made})
    assert "1 ændring mere tages ud, for den kan ikke undvære denne: Nyt punkt." in asked.content.decode()
    assert DraftChange.objects.filter(object_id=made).exists()
    client.post(url(org, "draft_revert", draft.pk), {"objekt": made, "sikker": "2"})
    assert [name for name, _ in told(page(org, draft))] == ["Skat", "A", "Pas og kørekort"]


def test_what_a_deleted_group_took_along_comes_back_with_it():
    org = authority()
    top = contacts.group("Top", organisation=org)
    below = contacts.group("Under", parent=top)
    point = contacts.point("Pas", groups=(below,))
    draft = begin(org)
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.delete_group(now, now.groups[top.pk], Children.DELETE)
    )
    client = owner(org)
    client.post(url(org, "draft_revert", draft.pk), {"objekt": point.pk, "sikker": "3"})
    assert not DraftChange.objects.exists()
    assert lifecycle.read(draft).is_ready


def test_nothing_is_taken_out_of_a_draft_that_is_closed_and_nonsense_is_nothing():
    org, draft, made = world()
    client = owner(org)
    assert client.post(url(org, "draft_revert", draft.pk), {"objekt": "x"}).status_code == 302
    lifecycle.discard(caller=CALLER, draft=draft, version=type(draft).objects.get(pk=draft.pk).version)
    client.post(url(org, "draft_revert", draft.pk), {"objekt": made, "sikker": "2"})
    assert DraftChange.objects.filter(object_id=made).exists()
    assert "Tag ud af kladden" not in page(org, draft).content.decode()


def test_readers_take_nothing_out():
    org, draft, _made = world()
    assert "Tag ud af kladden" not in reader(org).get(url(org, "draft_changes", draft.pk)).content.decode()
    assert "Tag ud af kladden" in page(org, draft).content.decode()


def test_a_published_one_leads_to_the_publication():
    org, draft, _made = world()
    event = publishing.publish(caller=CALLER, draft=draft)
    assert page(org, draft).headers["Location"] == url(org, "publication", event.pk)


def test_as_many_queries_with_many_changes():
    org, draft, _made = world()
    client = owner(org)
    few = queries(client, url(org, "draft_changes", draft.pk))
    for number in range(5):
        contacts.point(f"P{number}", organisation=org, system=org.systems.get(is_default_recipient=True))
        add_group(draft, f"G{number}")
    assert queries(client, url(org, "draft_changes", draft.pk)) == few
