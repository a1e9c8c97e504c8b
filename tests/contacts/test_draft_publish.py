"""Publishing a draft now or at a time, taking that back, discarding: `draft_unplan` and `draft_discard` too."""

import datetime as dt

import pytest
from django.utils import timezone
from freezegun import freeze_time

from contacts.drafts import lifecycle, publishing
from contacts.models import ContactPoint, Draft, Publication
from tests.contacts.drafting import add_group, begin, change_live, delete_point, edit
from tests.contacts.people import CHANGE, authority, last_event, owner, queries, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db


def page(org, draft, client=None):
    return (client or owner(org)).get(url(org, "draft_publish", draft.pk))


def publish(org, draft, client, **data):
    seen = page(org, draft, client).context["seen"]
    return client.post(url(org, "draft_publish", draft.pk), {"seen": seen, **data}, follow=True)


def plan(org, draft, client, at="01-01-2027 00.00"):
    version = Draft.objects.get(pk=draft.pk).version
    data = {"plan": "1", "publish_at": at, "version": version}
    return client.post(url(org, "draft_publish", draft.pk), data, follow=True)


def state(draft):
    return Draft.objects.get(pk=draft.pk).state


def test_who_may():
    org = authority()
    draft = contacts.draft(organisation=org)
    for name in ("draft_publish", "draft_discard"):
        assert statuses(org, name, draft.pk) == CHANGE
    assert statuses(org, "draft_unplan", draft.pk) == CHANGE | {"owner": 302}
    assert statuses(org, "draft_publish", draft.pk, method="post") == CHANGE | {"owner": 302}
    other = contacts.draft(organisation=authority())
    assert owner(org).get(url(org, "draft_publish", other.pk)).status_code == 404
    assert Publication.objects.count() == 0


def test_what_will_happen_in_numbers_and_who_refers_to_what_goes():
    org = authority()
    gone, successor = contacts.point("Gammelt", organisation=org), contacts.point("Henviser", organisation=org)
    change_live(successor, replaced_by=gone.pk)
    draft = begin(org)
    add_group(draft, "Ny")
    delete_point(draft, gone.pk)
    response = page(org, draft)
    assert [(str(label), count) for (label, _), count in response.context["counts"]] == [("Ny", 1), ("Slettet", 1)]
    text = response.content.decode()
    assert "Noget henviser til det, der slettes" in text
    assert url(org, "point", successor.pk) in text
    assert "Ingen har godkendt kladden." in text


def test_published_with_an_offer_to_undo_it():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, name="Kørekort")
    client = owner(org)
    response = publish(org, draft, client)
    publication = Publication.objects.get()
    assert response.redirect_chain[-1][0] == url(org, "publication", publication.pk)
    text = response.content.decode()
    assert "Omlægning er udgivet." in text
    assert url(org, "structure_undo", publication.pk) in text
    assert ContactPoint.objects.get().name == "Kørekort"
    assert last_event(org)[0] == "CONTACTS_PUBLISHED"
    client.post(url(org, "structure_undo", publication.pk))
    assert ContactPoint.objects.get().name == "Pas"


def test_nothing_else_is_published_than_what_was_seen():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, name="Kørekort")
    client = owner(org)
    seen = page(org, draft, client).context["seen"]
    add_group(draft, "Ny")
    for posted in ({"seen": seen}, {}):
        answer = client.post(url(org, "draft_publish", draft.pk), posted, follow=True).content.decode()
        assert "så intet er udgivet. Se igen." in answer
    assert ContactPoint.objects.get().name == "Pas"
    publish(org, draft, client)
    assert ContactPoint.objects.get().name == "Kørekort"


def test_another_order_is_seen_too():
    org = authority()
    groups = [contacts.group(name, organisation=org) for name in "AB"]
    draft = begin(org)
    edit(draft, groups[0].pk, description="Ny")
    seen = page(org, draft).context["seen"]
    lifecycle.change(
        caller=CALLER,
        draft=draft,
        act=lambda now: setattr(now.groups[groups[1].pk], "position", now.groups[groups[0].pk].position / 2),
    )
    assert page(org, draft).context["seen"] != seen


def test_conflicts_keep_it_from_being_published():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, name="Mit")
    client = owner(org)
    seen = page(org, draft, client).context["seen"]
    change_live(point, name="Deres")
    text = page(org, draft, client).content.decode()
    assert "Kladden kan ikke udgives, som den er" in text
    assert url(org, "draft_conflicts", draft.pk) in text
    assert "Udgiv nu" not in text
    answer = client.post(url(org, "draft_publish", draft.pk), {"seen": seen}, follow=True).content.decode()
    assert "Andre har imens ændret det samme" in answer
    assert ContactPoint.objects.get().name == "Deres"


def test_nothing_to_publish():
    org = authority()
    draft = begin(org)
    client = owner(org)
    assert "Der er intet at udgive" in page(org, draft, client).content.decode()
    publish(org, draft, client)
    plan(org, draft, client)
    assert (state(draft), Publication.objects.count()) == ("OPEN", 0)


def test_planned_and_cancelled():
    org = authority()
    draft = contacts.draft(organisation=org)
    client = owner(org)
    answer = plan(org, draft, client).content.decode()
    assert "Omlægning bliver udgivet 1. januar 2027 kl. 00.00." in answer
    kept = Draft.objects.get(pk=draft.pk)
    assert (kept.state, kept.publish_at) == ("PLANNED", dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC))
    assert last_event(org)[0] == "DRAFT_PLANNED"
    assert "Annullér den planlagte udgivelse" in page(org, draft, client).content.decode()
    asked = client.get(url(org, "draft_unplan", draft.pk)).content.decode()
    assert "Omlægning bliver ikke udgivet 1. januar 2027 kl. 00.00." in asked
    client.post(url(org, "draft_unplan", draft.pk), {"version": kept.version - 1})
    assert state(draft) == "PLANNED"
    client.post(url(org, "draft_unplan", draft.pk), {"version": kept.version})
    assert (state(draft), last_event(org)[0]) == ("OPEN", "DRAFT_PLAN_CANCELLED")


def test_a_planned_one_can_be_published_at_once():
    org = authority()
    draft = contacts.draft(organisation=org)
    client = owner(org)
    plan(org, draft, client)
    publish(org, draft, client)
    assert (state(draft), Publication.objects.count()) == ("PUBLISHED", 1)


@pytest.mark.parametrize("at", ["", "i morgen", "28-11-2026 11.59", "28-11-2026 12.00", "01-01-3000 00.00"])
def test_a_time_that_cannot_be_meant(at):
    org = authority()
    draft = contacts.draft(organisation=org)
    with freeze_time("2026-11-28T11:00:00Z"):
        response = plan(org, draft, owner(org), at=at)
    assert "publish_at" in response.context["form"].errors
    assert state(draft) == "OPEN"


def test_somebody_else_was_first():
    org = authority()
    draft = contacts.draft(organisation=org)
    client = owner(org)
    data = {"plan": "1", "publish_at": "01-01-2027 00.00", "version": draft.version - 1}
    answer = client.post(url(org, "draft_publish", draft.pk), data, follow=True).content.decode()
    assert "En anden har ændret kladden, mens du læste" in answer
    publish(org, draft, client)
    for name in ("draft_publish", "draft_unplan", "draft_discard"):
        for method in ("get", "post"):
            data = {"seen": "x", "version": Draft.objects.get(pk=draft.pk).version}
            answer = getattr(client, method)(url(org, name, draft.pk), data, follow=True).content.decode()
            assert "Den kan ikke ændres nu." in answer
    assert Publication.objects.count() == 1


def test_discarded():
    org = authority()
    draft = contacts.draft(organisation=org)
    publishing.plan(
        caller=CALLER,
        draft=draft,
        at=timezone.now() + dt.timedelta(days=1),
        version=Draft.objects.get(pk=draft.pk).version,
    )
    client = owner(org)
    text = client.get(url(org, "draft_discard", draft.pk)).content.decode()
    assert "ændringer bliver aldrig udgivet." in text
    assert "Den bliver ikke udgivet" in text
    client.post(url(org, "draft_discard", draft.pk), {"version": 1})
    assert state(draft) == "PLANNED"
    version = Draft.objects.get(pk=draft.pk).version
    answer = client.post(url(org, "draft_discard", draft.pk), {"version": version}, follow=True).content.decode()
    assert "Kladden Omlægning er kasseret." in answer
    assert (state(draft), last_event(org)[0]) == ("DISCARDED", "DRAFT_DISCARDED")
    assert client.get(url(org, "draft_changes", draft.pk)).status_code == 200


def test_as_many_queries_with_many_changes():
    org = authority()
    points = [contacts.point(f"P{number}", organisation=org, system=org.systems.get()) for number in range(6)]
    draft = begin(org)
    edit(draft, points[0].pk, name="Ny")
    delete_point(draft, points[1].pk)
    few = queries(owner(org), url(org, "draft_publish", draft.pk))
    for point in points[2:]:
        delete_point(draft, point.pk)
    assert queries(owner(org), url(org, "draft_publish", draft.pk)) == few
