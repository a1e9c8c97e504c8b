"""Contact groups and points by API, as the registry's generated clients call it."""

import pytest

from contacts.models import ContactGroup, ContactPoint, Translation
from organisations.models import Event
from tests.api.calling import Caller, token_of
from tests.api.registry_client import read, refused, shape
from tests.factories.contacts import group, point
from tests.factories.organisations import Role, organisation
from tests.factories.systems import system

pytestmark = pytest.mark.django_db

GROUP, GROUPS = "organisations/{org}/contact-groups/{id}", "organisations/{org}/contact-groups/"
POINT, POINTS = "organisations/{org}/contact-points/{id}", "organisations/{org}/contact-points/"


@pytest.fixture
def own():
    return organisation()


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.CONTACT_ADMINISTRATOR))


@pytest.fixture
def stranger():
    return Caller.bearing(token_of(organisation(), Role.CONTACT_ADMINISTRATOR))


def path(of: ContactGroup | ContactPoint) -> str:
    """Return the path of a group or point below the API."""
    kind = "contact-groups" if isinstance(of, ContactGroup) else "contact-points"
    return f"organisations/{of.organisation_id}/{kind}/{of.pk}"


def test_a_group_is_created_changed_and_deleted(caller, own):
    url = f"organisations/{own.pk}/contact-groups/"
    body = shape("ContactGroupCommand") | {"name": "Borgerservice"}
    top = read(f"POST {GROUPS}", caller.send("POST", url, body))
    assert "parent" not in top
    assert top["organisation"]["id"] == str(own.pk)
    body |= {"name": "Pas", "description": "Om pas", "postkasseIds": [7], "parent": {"id": top["id"]}}
    made = read(f"POST {GROUPS}", caller.send("POST", url, body))
    assert made["parent"]["name"] == "Borgerservice"
    assert read(f"GET {GROUP}", caller.get(f"{url}{made['id']}")) == made
    body |= {"parent": None, "organisationalUnit": True}
    assert caller.send("PUT", f"{url}{made['id']}", body).status_code == 400
    changed = read(f"PUT {GROUP}", caller.send("PUT", f"{url}{made['id']}", body, version='"1"'))
    assert (changed["organisationalUnit"], changed["version"], "parent" in changed) == (True, 2, False)
    assert caller.send("PUT", f"{url}{made['id']}", body, version=1).status_code == 409
    assert caller.call("DELETE", f"{url}{made['id']}", version=1).status_code == 409
    assert read(f"DELETE {GROUP}", caller.call("DELETE", f"{url}{made['id']}", version=2)) is None
    assert refused(f"GET {GROUP}", caller.get(f"{url}{made['id']}"))["code"] == "object.unknown"


def test_a_group_that_holds_something_is_not_deleted(caller, own):
    top = group(organisation=own)
    point(organisation=own, groups=[top])
    assert refused(f"DELETE {GROUP}", caller.call("DELETE", path(top), version=1))["code"] == "group.not_empty"


def test_a_group_does_not_come_below_itself(caller, own):
    top = group(organisation=own)
    below = group(parent=top)
    body = shape("ContactGroupCommand") | {"name": "Ny", "parent": {"id": str(below.pk)}}
    assert (
        refused(f"PUT {GROUP}", caller.send("PUT", path(top), body, version=1))["fieldErrors"][0]["field"]
        == "parent.id"
    )
    body["parent"] = {"id": str(group().pk)}
    assert caller.send("PUT", path(top), body, version=1).status_code == 400


def test_everything_that_can_be_said_of_a_point_comes_back(caller, own):
    one, two = group(organisation=own), group(organisation=own)
    said = {
        "name": "Byggesager",
        "description": "Skriv om dit byggeri",
        "internalDescription": "Team Byg",
        "targets": ["CITIZEN", "AUTHORITY"],
        "memoSizeThresholdMB": 12.5,
        "allowedNumberOfAttachments": 0,
        "active": True,
        "visible": True,
        "systemId": str(system(organisation=own).pk),
        "registryId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11",
    }
    lists = {
        "reportLink": {"externalLink": "https://byg.example", "externalLinkText": "Byg", "label": "Søg her"},
        "contactPointCodes": [
            {"type": "KLE", "code": "02.34.02"},
            {"type": "CUSTOM", "code": "7", "contactPointCodeTypeName": "Afdeling"},
        ],
        "searchTerms": [{"term": "byggeri"}, {"term": "hus"}],
        "recommendedAttributes": [{"name": "Matrikel"}],
        "translations": [{"postkasseId": 7, "postkasseEmneId": 8}],
    }
    body = shape("ContactPointCommand") | said | lists | {"contactGroups": [{"id": str(one.pk)}, {"id": str(two.pk)}]}
    made = read(f"POST {POINTS}", caller.send("POST", f"organisations/{own.pk}/contact-points/", body))
    assert {name: made[name] for name in said} == said
    assert [one["term"] for one in made["searchTerms"]] == ["byggeri", "hus"]
    assert made["contactPointCodes"][1]["contactPointCodeTypeName"] == "Afdeling"
    assert {one["id"] for one in made["contactGroups"]} == {str(one.pk), str(two.pk)}
    url = f"organisations/{own.pk}/contact-points/{made['id']}"
    assert read(f"GET {POINT}", caller.get(url)) == made
    again = read(f"PUT {POINT}", caller.send("PUT", url, made, version=1))
    assert again["version"] == 2
    body |= {"contactGroups": [{"id": str(two.pk)}], "searchTerms": None, "memoSizeThresholdMB": 0}
    changed = read(f"PUT {POINT}", caller.send("PUT", url, body, version=2))
    assert [one["id"] for one in changed["contactGroups"]] == [str(two.pk)]
    assert changed["searchTerms"] == []
    assert "memoSizeThresholdMB" not in changed
    assert Event.objects.filter(tag="CONTACT_POINT_CHANGED").count() == 2
    body |= {"contactGroups": []}
    assert read(f"PUT {POINT}", caller.send("PUT", url, body, version=3))["contactGroups"] == []
    assert caller.call("DELETE", url, version=3).status_code == 409
    assert read(f"DELETE {POINT}", caller.call("DELETE", url, version=4)) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"systemId": "00000000-0000-0000-0000-000000000000"}, "systemId"),
        ({"systemId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}, "systemId"),
        ({"contactGroups": [{"id": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}]}, "contactGroups"),
        ({"contactPointCodes": [{"type": "GLN", "code": "1"}]}, "contactPointCodes"),
        ({"contactPointCodes": [{"type": "UNKNOWN", "code": "1"}]}, "contactPointCodes"),
        ({"searchTerms": [{"term": "hus"}, {"term": "Hus"}]}, "searchTerms"),
        ({"reportLink": {"externalLink": "ftp://x"}}, "reportLink.externalLink"),
        ({"memoSizeThresholdMB": 1e300}, "memoSizeThresholdMB"),
        ({"memoSizeThresholdMB": "5"}, "memoSizeThresholdMB"),
        ({"allowedNumberOfAttachments": -1}, "allowedNumberOfAttachments"),
        ({"allowedNumberOfAttachments": 5.5}, "allowedNumberOfAttachments"),
        ({"active": "true"}, "active"),
        ({"targets": ["DOG"]}, "targets"),
    ],
)
def test_what_cannot_stand_is_named(caller, own, values, field):
    body = shape("ContactPointCommand") | {"name": "Byg", "systemId": str(system(organisation=own).pk)} | values
    response = caller.send("POST", f"organisations/{own.pk}/contact-points/", body)
    assert response.status_code == 400
    assert field in [one["field"] for one in refused(f"POST {POINTS}", response)["fieldErrors"]]


def test_others_see_what_anybody_may_write_to(caller, stranger, own):
    inside, hidden_group = group(organisation=own), group(organisation=own)
    seen = point(organisation=own, groups=[inside], internal_description="Team Byg", name="Åben", search_terms=("hus",))
    Translation.objects.create(point=seen, position=0, postkasse_id=7, postkasse_emne_id=8)
    hidden = point(organisation=own, groups=[hidden_group], visible=False)
    told = read(f"GET {POINT}", stranger.get(path(seen)))
    assert not {"internalDescription", "systemId", "translations"} & told.keys()
    assert read(f"GET {POINT}", caller.get(path(seen)))["internalDescription"] == "Team Byg"
    assert stranger.get(path(hidden)).status_code == 404
    assert caller.get(path(hidden)).status_code == 200
    everywhere = read("GET contact-points/", stranger.get("contact-points/", searchTerm="hus"))
    assert [one["id"] for one in everywhere["contactPoints"]] == [str(seen.pk)]
    assert stranger.get("contact-points/", postkasseId=7).json()["totalElements"] == 1
    assert stranger.get(path(inside)).json()["targets"] == ["CITIZEN"]
    assert stranger.get(path(hidden_group)).status_code == 404
    groups = read("GET contact-groups/", stranger.get("contact-groups/"))
    assert [one["id"] for one in groups["contactGroups"]] == [str(inside.pk)]
    for one in (seen, inside):
        assert stranger.call("DELETE", path(one), version=1).status_code == 404


def test_a_reader_changes_nothing(own):
    reader = Caller.bearing(token_of(own, Role.READER))
    made, top = point(organisation=own), group(organisation=own)
    for one, name in ((made, "ContactPointCommand"), (top, "ContactGroupCommand")):
        assert reader.get(path(one)).status_code == 200
        assert reader.send("PUT", path(one), shape(name), version=1).status_code == 403
        assert reader.call("DELETE", path(one), version=1).status_code == 403


def test_search(caller, own):
    top = group(organisation=own)
    below = group(parent=top)
    one = point(organisation=own, groups=[below], name="Byggesager", search_terms=("hus",))
    two = point(organisation=own, name="Havne", visible=False, search_terms=("både",))
    url = f"organisations/{own.pk}/contact-points/"
    for query, expected in (
        ({}, {one, two}),
        ({"visibility": "VISIBLE"}, {one}),
        ({"visibility": "HIDDEN"}, {two}),
        ({"visibility": "ALL"}, {one, two}),
        ({"isRoot": "true"}, {two}),
        ({"isRoot": "false"}, {one}),
        ({"contactGroupId": str(below.pk)}, {one}),
        ({"searchTerm": "hus,båd"}, {one}),
        ({"searchTermOrName": "hus,havn"}, {one, two}),
        ({"any": "byggesag"}, {one}),
        ({"any": str(two.pk)}, {two}),
        ({"active": "true", "visible": "false"}, {two}),
        ({"name": "!Havne"}, {one}),
    ):
        found = read(f"GET {POINTS}", caller.get(url, **query))
        assert {row["id"] for row in found["contactPoints"]} == {str(row.pk) for row in expected}, query
    assert caller.get(url, visibility="SOME").status_code == 400
    assert caller.get(url, systemId=str(one.system_id)).status_code == 400
    groups = f"organisations/{own.pk}/contact-groups/"
    for query, expected_groups in (
        ({"isRoot": "true"}, {top}),
        ({"visibility": "VISIBLE"}, {top, below}),
        ({"visibility": "HIDDEN"}, set()),
        ({"name": below.name}, {below}),
    ):
        found = read(f"GET {GROUPS}", caller.get(groups, **query))
        assert {row["id"] for row in found["contactGroups"]} == {str(row.pk) for row in expected_groups}, query


def test_former_mailboxes(caller, own):
    made = point(organisation=own)
    for topic in (9, 8):
        Translation.objects.create(point=made, position=topic, postkasse_id=7, postkasse_emne_id=topic)
    url = f"organisations/{own.pk}/postkasse-ids/"
    operation = "GET organisations/{org}/postkasse-ids/"
    assert read(operation, caller.get(url)) == {"postkasseIds": [7]}
    told = read(operation + "{postkasseId}/postkasse-emne-ids/", caller.get(f"{url}7/postkasse-emne-ids/"))
    assert told == {"postkasseEmnneIds": [8, 9]}
    assert caller.get(f"{url}8/postkasse-emne-ids/").status_code == 404
    assert caller.get(f"{url}{'9' * 30}/postkasse-emne-ids/").status_code == 404


def test_the_query_count_is_constant(caller, own, django_assert_max_num_queries):
    receiver, top = system(organisation=own), group(organisation=own)
    below = group(parent=top)
    for number in range(20):
        point(organisation=own, system=receiver, groups=[top, below] if number % 2 else [None])
    with django_assert_max_num_queries(12):
        assert len(caller.get(f"organisations/{own.pk}/contact-points/", size=100).json()["contactPoints"]) == 20
    with django_assert_max_num_queries(12):
        assert len(caller.get("contact-groups/", size=100).json()["contactGroups"]) == 2
