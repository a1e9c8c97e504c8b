"""What was published: the list, a publication (`publication`), its file and making a draft of it again."""

import json

import pytest

from contacts.drafts import lifecycle, publishing
from contacts.models import ContactPoint, Draft, Publication
from organisations.models import Event
from systems.models import System
from tests.contacts.drafting import add_group, begin, delete_point, edit
from tests.contacts.people import CHANGE, READ, authority, owner, queries, reader, statuses, url
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db


def publish(draft):
    return Publication.objects.get(pk=publishing.publish(caller=CALLER, draft=draft).pk)


def world():
    """Pas renamed Kørekort, and Skat deleted, by a publication."""
    org = authority()
    group = contacts.group("Borger", organisation=org)
    first, second = (contacts.point(name, groups=(group,), system=org.systems.get()) for name in ("Pas", "Skat"))
    draft = begin(org)
    edit(draft, first.pk, name="Kørekort")
    delete_point(draft, second.pk)
    return org, publish(draft), first, second


def test_who_may():
    org, publication, _first, _second = world()
    assert statuses(org, "publications") == READ
    assert statuses(org, "publication", publication.pk) == READ
    assert statuses(org, "publication_export", publication.pk, "csv") == READ
    assert statuses(org, "publication_restore", publication.pk, method="post") == CHANGE | {"owner": 302}
    assert owner(org).get(url(org, "publication_restore", publication.pk)).status_code == 405
    other = contacts.publication(organisation=authority())
    assert owner(org).get(url(org, "publication", other.pk)).status_code == 404


def test_the_list():
    org, _publication, _first, _second = world()
    text = owner(org).get(url(org, "publications")).content.decode()
    assert "Omlægning" in text
    rows = b"".join(owner(org).get(url(org, "publications", format="csv"))).decode("utf-8-sig").splitlines()
    assert rows[1].startswith("Omlægning;")
    assert rows[1].endswith(";0;1;1;")


def test_an_empty_list_says_what_belongs_there():
    org = authority()
    text = owner(org).get(url(org, "publications")).content.decode()
    assert "Der er ikke udgivet noget fra en kladde endnu" in text


def test_what_was_changed():
    org, publication, _first, _second = world()
    contacts.point("Senere", organisation=org)
    response = owner(org).get(url(org, "publication", publication.pk))
    assert [row.change.name for row in response.context["look"].rows] == ["Kørekort", "Skat"]
    text = response.content.decode()
    assert "<del>Pas</del>" in text
    assert "Tag ud af kladden" not in text
    lines = b"".join(owner(org).get(url(org, "publication", publication.pk, format="csv"))).decode("utf-8-sig")
    assert "Ændret;kontaktpunkt;Kørekort;Borger;Navn;Pas;Kørekort" in lines


def test_the_structure_as_it_was():
    org, publication, first, _second = world()
    ContactPoint.objects.filter(pk=first.pk).update(name="Nyere")

    def names(**query):
        page = owner(org).get(url(org, "publication", publication.pk, vis="struktur", **query))
        return [line.name for line in page.context["outline"]]

    assert names() == ["Borger", "Kørekort"]
    assert names(foer=1) == ["Borger", "Pas", "Skat"]
    assert names(side="vrøvl") == ["Borger", "Kørekort"]


def test_the_structure_as_it_was_as_a_file():
    org, publication, _first, second = world()
    client = owner(org)

    def content(form, **query):
        return b"".join(client.get(url(org, "publication_export", publication.pk, form, **query)))

    assert "Skat" not in content("csv").decode()
    assert "Skat" in content("csv", foer=1).decode()
    assert content("xlsx")[:2] == b"PK"
    assert str(second.pk) in json.dumps(json.loads(content("json", foer=1)))
    assert Event.objects.filter(tag="LIST_EXPORTED").count() == 4


@pytest.mark.parametrize(("som", "names"), [("foer", {"Pas", "Skat"}), ("efter", {"Kørekort"})])
def test_made_a_draft_again_and_published(som, names):
    org, publication, first, second = world()
    contacts.point("Senere", organisation=org)
    client = owner(org)
    answer = client.post(url(org, "publication_restore", publication.pk), {"som": som}, follow=True)
    draft = Draft.objects.latest("created")
    assert answer.redirect_chain[-1][0] == url(org, "draft_changes", draft.pk)
    assert "er begyndt som kladde. Se den igennem, og udgiv den." in answer.content.decode()
    assert set(ContactPoint.objects.values_list("name", flat=True)) == {"Kørekort", "Senere"}
    publish(draft)
    assert set(ContactPoint.objects.values_list("name", flat=True)) == names
    assert ContactPoint.objects.filter(pk=second.pk).exists() is (som == "foer")
    assert ContactPoint.objects.filter(pk=first.pk).exists()


def test_as_it_is_now_is_no_change():
    org, publication, _first, _second = world()
    answer = owner(org).post(url(org, "publication_restore", publication.pk), {"som": "efter"}, follow=True)
    assert "Sådan er strukturen nu, så kladden ændrer intet." in answer.content.decode()


def test_a_system_that_is_gone_is_named_and_must_be_replaced():
    org = authority()
    old = systems.system(organisation=org, name="Gammelt", active=True)
    point = contacts.point("Pas", organisation=org, system=old)
    draft = begin(org)
    edit(draft, point.pk, name="Kørekort")
    publication = publish(draft)
    ContactPoint.objects.all().update(system=org.systems.get(name="Postsystem"))
    System.objects.filter(pk=old.pk).delete()
    client = owner(org)
    page = client.get(url(org, "publication", publication.pk, vis="struktur")).content.decode()
    assert "Gammelt" in page
    client.post(url(org, "publication_restore", publication.pk), {"som": "foer"})
    merged = lifecycle.read(Draft.objects.latest("created"))
    assert [found.code for _id, found in merged.obstacles] == ["draft.system_gone"]


def test_readers_look_and_restore_nothing():
    org, publication, _first, _second = world()
    assert "Lav en kladde af den" not in reader(org).get(url(org, "publication", publication.pk)).content.decode()


def test_as_many_queries_with_many():
    org, publication, _first, _second = world()
    few = [queries(owner(org), url(org, *name)) for name in (("publications",), ("publication", publication.pk))]
    draft = begin(org)
    for number in range(6):
        add_group(draft, f"G{number}")
    big = publish(draft)
    assert [queries(owner(org), url(org, *name)) for name in (("publications",), ("publication", big.pk))] == few
