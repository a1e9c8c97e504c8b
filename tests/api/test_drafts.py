"""Drafts of the contact structure by API: begun, filled, in conflict, decided, published, discarded."""

import pytest

from contacts.models import ContactGroup, ContactPoint, Draft, Publication
from organisations.models import Event
from tests.api.calling import Caller, token_of
from tests.factories.contacts import group, point
from tests.factories.organisations import Role, organisation
from tests.factories.systems import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return organisation()


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.CONTACT_ADMINISTRATOR))


@pytest.fixture
def url(own):
    return f"/apis/adgang/v1/organisations/{own.pk}/drafts/"


@pytest.fixture
def draft(caller, url):
    """A draft, as the API tells of it."""
    response = caller.send("POST", url, {"name": "Ny organisation", "note": "Fra januar"})
    assert response.status_code == 201
    return response.json()


def change(caller, url, draft, **values):
    return caller.send("POST", f"{url}{draft['id']}/changes/", values)


def test_a_draft_is_begun_renamed_and_discarded(caller, url, draft):
    one = f"{url}{draft['id']}"
    assert (draft["state"], draft["version"], draft["note"]) == ("OPEN", 1, "Fra januar")
    assert caller.send("POST", url, {}).json()["fieldErrors"][0]["field"] == "name"
    missing = caller.send("PUT", one, {"name": "B"})
    assert (missing.status_code, missing.json()["code"]) == (428, "version.missing")
    assert caller.send("PUT", one, {"name": "B"}, version=7).status_code == 409
    renamed = caller.send("PUT", one, {"name": "B"}, version='"1"')
    assert (renamed.json()["name"], "note" in renamed.json(), renamed.headers["ETag"]) == ("B", False, '"2"')
    assert caller.get(url, name="B", state="OPEN").json()["drafts"] == [renamed.json()]
    assert caller.call("DELETE", one).status_code == 428
    assert caller.call("DELETE", one, version=1).status_code == 409
    assert caller.call("DELETE", one, version=2).status_code == 204
    assert caller.get(one).json()["state"] == "DISCARDED"
    again = caller.send("PUT", one, {"name": "C"}, version=3)
    assert (again.status_code, again.json()["code"]) == (409, "draft.not_open")
    assert caller.get(f"{one}/changes/").json()["changes"] == []
    assert caller.get(f"{one}/conflicts").json() == {"conflicts": [], "obstacles": []}


def test_a_structure_is_made_in_a_draft_and_published_in_one_go(own, caller, url, draft):
    recipient = system(organisation=own)
    top = change(caller, url, draft, act="CREATE", kind="GROUP", contactGroup={"name": "Borgerservice"})
    assert (top.status_code, top.json()["act"], top.json()["name"]) == (201, "CREATE", "Borgerservice")
    said = {"name": "Pas", "systemId": str(recipient.pk), "targets": ["CITIZEN"], "active": True, "visible": True}
    said["contactGroups"] = [{"id": top.json()["objectId"]}]
    pas = change(caller, url, draft, act="CREATE", kind="POINT", contactPoint=said).json()
    assert pas["path"] == "Borgerservice"
    said |= {"name": "Pas og kørekort", "contactGroups": []}
    moved = change(caller, url, draft, act="CHANGE", kind="POINT", objectId=pas["objectId"], contactPoint=said).json()
    assert (moved["name"], moved["act"], "path" in moved) == ("Pas og kørekort", "CREATE", False)
    assert not ContactPoint.objects.exists()
    listed = caller.get(f"{url}{draft['id']}/changes/", size=1).json()
    assert (listed["totalElements"], listed["elementsOnPage"]) == (2, 1)
    rest = caller.get(f"{url}{draft['id']}/changes/", next=listed["next"]).json()
    assert (rest["currentPage"], rest["digest"]) == (1, listed["digest"])
    assert caller.get(f"{url}{draft['id']}/changes/", any="x").status_code == 400
    other = caller.send("POST", f"{url}{draft['id']}/publish", {"digest": "0" * 64})
    assert (other.status_code, other.json()["code"]) == (409, "draft.changed")
    done = caller.send("POST", f"{url}{draft['id']}/publish", {"digest": listed["digest"]})
    assert (done.status_code, done.json()["createdCount"]) == (200, 2)
    assert ContactPoint.objects.get().name == "Pas og kørekort"
    assert Publication.objects.get().pk == Event.objects.get(tag="CONTACTS_PUBLISHED").pk
    told = caller.get(f"{url}{draft['id']}").json()
    assert (told["state"], told["publicationId"]) == ("PUBLISHED", done.json()["id"])
    assert caller.get(url, state="PUBLISHED").json()["drafts"] == [told]
    late = change(caller, url, draft, act="CREATE", kind="GROUP", contactGroup={"name": "For sent"})
    assert late.json()["code"] == "draft.not_open"


def test_what_cannot_stand_in_a_draft_is_refused_as_outside(own, caller, url, draft):
    top = group(organisation=own, name="Top")
    below = group(parent=top, name="Under")
    foreign = group()
    circle = {"act": "CHANGE", "kind": "GROUP", "objectId": str(top.pk)}
    circle["contactGroup"] = {"name": "Top", "parent": {"id": str(below.pk)}}
    for values, status, field in (
        (circle, 400, "parent.id"),
        ({"kind": "GROUP"}, 400, "act"),
        ({"act": "CREATE"}, 400, "kind"),
        ({"act": "CREATE", "kind": "GROUP"}, 400, "name"),
        ({"act": "CREATE", "kind": "POINT", "contactPoint": {"name": "A"}}, 400, "systemId"),
        ({"act": "CHANGE", "kind": "GROUP", "objectId": str(foreign.pk), "contactGroup": {"name": "A"}}, 404, None),
        ({"act": "DELETE", "kind": "POINT"}, 404, None),
        ({"act": "DELETE", "kind": "GROUP", "objectId": str(top.pk)}, 409, None),
    ):
        response = change(caller, url, draft, **values)
        assert response.status_code == status, values
        if field:
            assert response.json()["fieldErrors"][0]["field"] == field
    recipient = system(organisation=own)
    astray = {"name": "A", "systemId": str(recipient.pk), "contactGroups": [{"id": str(foreign.pk)}]}
    response = change(caller, url, draft, act="CREATE", kind="POINT", contactPoint=astray)
    assert (response.status_code, response.json()["fieldErrors"][0]["field"]) == (400, "contactGroups")
    gone = change(caller, url, draft, act="DELETE", kind="GROUP", objectId=str(below.pk))
    assert gone.json()["act"] == "DELETE"
    nothing = caller.send("POST", f"{url}{caller.send('POST', url, {'name': 'Tom'}).json()['id']}/publish", {})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "draft.empty")


def test_a_conflict_is_told_and_decided(own, caller, url, draft):
    there = point(organisation=own, name="Pas", description="Før")
    said = {"name": "Pas", "systemId": str(there.system_id), "targets": ["CITIZEN"], "active": True, "visible": True}
    path = f"/apis/v1/organisations/{own.pk}/contact-points/{there.pk}"
    of_it = {"act": "CHANGE", "kind": "POINT", "objectId": str(there.pk)}
    mine = change(caller, url, draft, **of_it, contactPoint=said | {"description": "Min"})
    assert mine.status_code == 201
    assert caller.send("PUT", path, said | {"description": "Deres"}, version=there.version).status_code == 200
    (conflict,) = caller.get(f"{url}{draft['id']}/conflicts").json()["conflicts"]
    assert (conflict["field"], conflict["mine"], conflict["theirs"]) == ("description", "Min", "Deres")
    refused = caller.send("POST", f"{url}{draft['id']}/publish", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "draft.conflicts")
    decide = f"{url}{draft['id']}/conflicts/decide"
    asked = {"objectId": str(there.pk), "field": "description", "seen": conflict["seen"]}
    assert caller.send("POST", decide, asked).json()["fieldErrors"][0]["field"] == "keep"
    assert caller.send("POST", decide, asked | {"keep": "DRAFT", "seen": "x"}).status_code == 409
    left = caller.send("POST", decide, asked | {"keep": "DRAFT"})
    assert (left.status_code, left.json()["conflicts"]) == (200, [])
    assert caller.send("POST", f"{url}{draft['id']}/publish", {}).status_code == 200
    assert ContactPoint.objects.get(pk=there.pk).description == "Min"


def test_readers_and_strangers(own, url, draft):
    reader = Caller.bearing(token_of(own, Role.READER))
    assert reader.get(f"{url}{draft['id']}").status_code == 200
    assert reader.send("POST", f"{url}{draft['id']}/publish", {}).status_code == 403
    stranger = Caller.bearing(token_of(organisation(), Role.CONTACT_ADMINISTRATOR))
    assert stranger.get(f"{url}{draft['id']}").status_code == 404
    assert (Draft.objects.count(), ContactGroup.objects.count()) == (1, 0)
