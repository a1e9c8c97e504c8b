"""Letter types by API: made, read, searched, changed, deleted, by the rules of their pages."""

import pytest

from memo.models import LetterType
from organisations.models import Event
from tests.api.calling import Caller, token_of
from tests.factories.contacts import point
from tests.factories.letters import letter_type
from tests.factories.organisations import Role, organisation
from tests.factories.systems import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return organisation()


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.LETTER_ADMINISTRATOR))


@pytest.fixture
def url(own):
    return f"/apis/adgang/v1/organisations/{own.pk}/letter-types/"


def test_everything_that_can_be_said_comes_back_and_is_changed_and_deleted(own, caller, url):
    reply, sender = point(organisation=own), system(organisation=own, is_sender=True)
    said = {
        "name": "Afgørelse om boligstøtte",
        "responsible": {"name": "Kim Prøvesen", "email": "kim@example.org"},
        "senderSystemId": str(sender.pk),
        "replyAllowed": True,
        "replyPointId": str(reply.pk),
        "replyDays": 30,
        "mandatory": False,
        "legalNotification": False,
        "postType": "BREV",
        "codes": ["KLE:32.24.04"],
        "actions": ["SELVBETJENING | Ansøg nu | https://boligstoette.example/ansoeg"],
        "contactInfo": ["Sagsnummer"],
    }
    response = caller.send("POST", url, said)
    assert response.status_code == 201, response.content
    told = response.json()
    assert {name: told[name] for name in said} == said
    assert (told["replyPointName"], told["version"], told["mark"]) == (reply.name, 1, "PROVISIONAL")
    one = f"{url}{told['id']}"
    read = caller.get(one)
    assert (read.json(), read.headers["ETag"]) == (told, '"1"')
    assert caller.send("PUT", one, said).status_code == 428
    reply.delete()
    kept = caller.send("PUT", one, said | {"postType": None}, version=1)  # its name lets the point that is gone stay
    assert (kept.status_code, kept.json()["mark"], "postType" in kept.json()) == (200, "MISSING", False)
    assert caller.send("PUT", one, said, version=1).status_code == 409
    bare = caller.send("PUT", one, {"name": "Kvittering"}, version=2).json()
    assert (bare["replyAllowed"], "replyPointId" in bare, bare["codes"], bare["mark"]) == (False, False, [], "NO_REPLY")
    assert caller.call("DELETE", one, version=2).status_code == 409
    assert caller.call("DELETE", one).status_code == 428
    assert caller.call("DELETE", one, version=3).status_code == 204
    assert caller.get(one).status_code == 404
    assert Event.objects.filter(tag__startswith="LETTER_TYPE_").count() == 4


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "optaget"}, ""),
        ({"responsible": {"email": "x"}}, "responsible.email"),
        ({"senderSystemId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}, "senderSystemId"),
        ({"replyPointId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}, "replyPointId"),
        ({"replyDays": -1}, "replyDays"),
        ({"mandatory": True}, "mandatory"),
        ({"legalNotification": True}, "legalNotification"),
        ({"codes": ["GLN:1"]}, "codes"),
        ({"actions": ["HOP | A | https://a.example"]}, "actions"),
        ({"contactInfo": ["A", "B", "C"]}, "contactInfo"),
    ],
)
def test_what_cannot_stand_is_named(own, caller, url, values, field):
    letter_type("Optaget", organisation=own)
    response = caller.send("POST", url, {"name": "Brev", "replyAllowed": True} | values)
    assert response.status_code == 400
    assert field in {one["field"] for one in response.json()["fieldErrors"]}
    assert LetterType.objects.count() == 1


def test_a_search(own, caller, url, django_assert_max_num_queries):
    for number in range(5):
        letter_type(f"Brev {number}", organisation=own, point=point(organisation=own))
    letter_type(organisation=organisation())
    with django_assert_max_num_queries(6):
        found = caller.get(url, mark="PROVISIONAL", sortFields="name:desc", size=2, fields="name,mark").json()
    assert found["letterTypes"][0] == {"name": "Brev 4", "mark": "PROVISIONAL"}
    assert found["totalElements"] == 5
    assert caller.get(url, mark="LOST").status_code == 400
    reader = Caller.bearing(token_of(own, Role.READER))
    assert reader.get(url).status_code == 200
    assert reader.send("POST", url, {"name": "Ny"}).status_code == 403
