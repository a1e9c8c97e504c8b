"""Organisations by API: the frame of every operation, on its first resource."""

import datetime as dt
import io

import pytest
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from organisations import departing
from organisations.callers import Caller as Who
from organisations.models import AccessToken, Employment, Event, Organisation
from tests.api.calling import Caller, token_of
from tests.factories.organisations import Role, client_for, organisation, user, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return organisation(legal_contact_name="Bo Prøvesen", legal_contact_email="bo@example.org")


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.ORGANISATION_ADMINISTRATOR))


def png() -> bytes:
    """Return a small picture."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(file, "PNG")
    return file.getvalue()


def test_both_forms_of_a_path_answer_without_redirect(caller, own):
    for path in ("organisations/", "organisations", f"organisations/{own.pk}", f"organisations/{own.pk}/"):
        assert caller.get(path).status_code == 200


def test_an_organisation_has_no_nulls_and_its_version_as_etag(caller, own):
    response = caller.get(f"organisations/{own.pk}")
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert None not in body.values()
    assert body["legalContact"] == {"name": "Bo Prøvesen", "email": "bo@example.org"}
    assert body["authorityTerms"] is True
    assert body["cvrNumber"] == own.cvr_number


def test_compression_leaves_the_etag_alone(caller, own):
    response = caller.call("GET", f"organisations/{own.pk}", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["ETag"] == '"1"'


def test_foreign_organisations_come_without_legal_contact(caller):
    other = organisation(legal_contact_name="Ib Prøvesen")
    assert "legalContact" not in caller.get(f"organisations/{other.pk}").json()
    found = caller.get("organisations/", cvrNumber=other.cvr_number).json()["organisations"]
    assert [one["id"] for one in found] == [str(other.pk)]
    assert "legalContact" not in found[0]


def test_search_filters_sorts_and_pages(caller, own):
    for name in ("Ærø", "Samsø", "Fanø"):
        organisation(name=name)
    page = caller.get("organisations/", name="*ø", sortFields="name:desc", size=2, fields="id,name").json()
    assert page["organisations"][0]["name"] in ("Ærø", "Samsø")
    assert set(page["organisations"][0]) == {"id", "name"}
    assert (page["currentPage"], page["elementsOnPage"], page["totalElements"], page["totalPages"]) == (0, 2, 3, 2)
    following = caller.get("organisations/", next=page["next"]).json()
    assert following["currentPage"] == 1
    assert "next" not in following
    names = [one["name"] for one in [*page["organisations"], *following["organisations"]]]
    assert sorted(names) == ["Fanø", "Samsø", "Ærø"]
    assert caller.get("organisations/", name="Fanø,Samsø").json()["totalElements"] == 2
    assert caller.get("organisations/", name="*,!Fanø").json()["totalElements"] == 3
    assert caller.get("organisations/", name="F*ø,&*n*").json()["totalElements"] == 1
    assert caller.get("organisations/", any="amsø,anø").json()["totalElements"] == 2
    assert caller.get("organisations/", searchParameters="x").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", "0"),
        ("size", "1001"),
        ("size", "ti"),
        ("page", "-1"),
        ("page", "9" * 30),
        ("next", "x"),
        ("sortFields", "legalContact"),
        ("sortFields", "name:up"),
        ("fields", "id,password"),
        ("version", "one"),
        ("id", "1234"),
        ("type", "CITY"),
        ("createdDate", "0001-01-01T00:00:00Z"),
        ("color", "red"),
    ],
)
def test_what_a_search_cannot_understand_is_named(caller, name, value):
    response = caller.get("organisations/", **{name: value})
    assert response.status_code == 400
    fault = response.json()["fieldErrors"][0]
    assert (fault["resource"], fault["field"]) == ("query", name)


def test_change(caller, own):
    body = {"name": "Nykøbing", "authorityType": "REGION", "authorityTerms": False, "mandatoryPostAllowed": True}
    for version, expected in (("2", 409), ("x", 400), (None, 400), ('"1"', 200)):
        assert caller.send("PUT", f"organisations/{own.pk}", body, version=version).status_code == expected
    own.refresh_from_db()
    assert (own.name, own.authority_type, own.mandatory_post_allowed, own.version) == ("Nykøbing", "REGION", False, 2)
    event = Event.objects.get(tag="ORGANISATION_CHANGED")
    assert event.actor_id is None
    assert "Natkørsel" in event.payload


def test_what_cannot_stand_is_named_by_its_name_on_the_wire(caller, own):
    body = {
        "type": "UNKNOWN",
        "legalContact": {"id": "00000000-0000-0000-0000-000000000000", "version": 0, "email": "x"},
    }
    response = caller.send("PUT", f"organisations/{own.pk}", body, version=1)
    assert response.status_code == 400
    assert response.json()["fieldErrors"][0]["field"] == "legalContact.email"
    assert caller.send("PUT", f"organisations/{own.pk}", {"type": "COMPANY"}, version=1).status_code == 400


def test_logo(caller, own):
    path = f"organisations/{own.pk}/logo"
    assert caller.get(path).status_code == 404
    for content in (b"no picture", b""):
        assert caller.upload(path, content, method="PUT", version=1).status_code == 400
    response = caller.upload(path, png(), method="PUT", version=1, name="våben.png")
    assert response.status_code == 200
    assert response.json().keys() == {"id", "version", "fileSize"}
    assert caller.get(path).headers["Content-Type"] == "image/png"
    part = caller.call("GET", path, headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")
    assert caller.get(f"organisations/{own.pk}").json()["logoMediaType"] == "IMAGE_PNG"
    assert caller.call("DELETE", path, version=1).status_code == 409
    assert caller.call("DELETE", path, version=2).status_code == 204
    assert caller.call("DELETE", path, version=3).status_code == 404


def test_errors_are_error_messages_whatever_went_wrong(caller, own):
    calls = [
        (404, Caller().get("nothing/")),
        (404, Caller().get("/apis")),
        (404, caller.get("organisations/0001")),
        (404, caller.get("organisations/00000000-0000-0000-0000-000000000001")),
        (405, caller.call("PATCH", "organisations/")),
        (401, Caller().get("organisations/")),
        (401, Caller("Bearer wrong").get("organisations/")),
        (401, Caller("Basic wrong").get("organisations/")),
        (401, Caller("Digest wrong").get("organisations/")),
        (400, caller.call("PUT", f"organisations/{own.pk}", data=b"{", content_type="application/json", version=1)),
        (400, caller.call("PUT", f"organisations/{own.pk}", data=b"[]", content_type="application/json", version=1)),
        (413, caller.call("PUT", f"organisations/{own.pk}", data=b" " * 3_000_000, content_type="application/json")),
        (400, caller.call("PUT", f"organisations/{own.pk}/logo", data=b"x", content_type="multipart/form-data")),
    ]
    for status, response in calls:
        assert response.status_code == status
        body = response.json()
        assert isinstance(body["code"], str)
        assert body["message"]
        assert isinstance(body["fieldErrors"], list)


def test_a_session_never_authenticates(own):
    client = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=own))
    assert client.get("/apis/v1/organisations/").status_code == 401


def test_a_token_ends(own):
    at = timezone.now()
    person = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=own)
    for fields in ({"expires": at - dt.timedelta(minutes=1)}, {"revoked": at}):
        token = token_of(own, Role.ORGANISATION_ADMINISTRATOR, **fields)
        assert Caller.bearing(token).get("organisations/").status_code == 401
    mine = token_of(own, Role.ORGANISATION_ADMINISTRATOR, user=person)
    assert Caller.bearing(mine).get("organisations/").status_code == 200
    assert AccessToken.objects.get(user=person).last_used is not None
    person.is_active = False
    person.save()
    assert Caller.bearing(mine).get("organisations/").status_code == 401


def test_a_token_of_a_person_does_no_more_than_the_person(own):
    person = user_with(Role.READER, organisation=own)
    path = f"organisations/{own.pk}"
    token = token_of(own, Role.ORGANISATION_ADMINISTRATOR, Role.READER, user=person)
    assert Caller.bearing(token).send("PUT", path, {}, version=1).status_code == 403
    assert "legalContact" in Caller.bearing(token).get(path).json()
    other = organisation()
    elsewhere = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=other)
    Employment.objects.create(user=elsewhere, organisation=other)
    token = token_of(own, Role.ORGANISATION_ADMINISTRATOR, user=elsewhere)
    assert Caller.bearing(token).send("PUT", f"organisations/{other.pk}", {}, version=1).status_code == 404


def test_a_token_that_only_reads(own):
    person = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=own)
    for token in (
        token_of(own, Role.ORGANISATION_ADMINISTRATOR, only_reads=True),
        token_of(own, Role.ORGANISATION_ADMINISTRATOR, only_reads=True, user=person),
    ):
        assert Caller.bearing(token).send("PUT", f"organisations/{own.pk}", {}, version=1).status_code == 403
        assert Caller.bearing(token).get(f"organisations/{own.pk}").status_code == 200


def test_a_leaver_stops_their_own_tokens_and_not_the_organisation_s(own):
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=own)
    leaver = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=own)
    mine = token_of(own, Role.ORGANISATION_ADMINISTRATOR, user=leaver)
    ours = token_of(own, Role.ORGANISATION_ADMINISTRATOR, made_by=leaver)
    departing.depart(caller=Who.command("test"), organisation=own, user=leaver)
    assert Caller.bearing(mine).get("organisations/").status_code == 401
    assert Caller.bearing(ours).get("organisations/").status_code == 200


@override_settings(ADGANG_API_PER_MINUTE=2)
def test_calls_are_limited_and_the_limit_is_told(caller):
    first, second, third = (caller.get("organisations/") for _ in range(3))
    assert [one.headers["RateLimit-Remaining"] for one in (first, second, third)] == ["1", "0", "0"]
    assert (third.status_code, third.json()["code"]) == (429, "calls.throttled")
    assert int(third.headers["Retry-After"]) in range(1, 61)


@override_settings(SECURE_SSL_REDIRECT=True)
def test_nothing_is_redirected_to_https(caller):
    assert caller.get("organisations/").status_code == 403


def test_the_query_count_is_constant(caller, django_assert_max_num_queries):
    for _ in range(30):
        organisation()
    with django_assert_max_num_queries(6):
        assert Organisation.objects.count() > 20
        assert caller.get("organisations/", size=100).status_code == 200


def test_many_wrong_tokens_are_throttled():
    answers = [Caller(f"Bearer {number}").get("organisations/").status_code for number in range(21)]
    assert answers == [401] * 20 + [429]


def test_who_has_no_role_reads_what_all_may(own):
    stranger = user()
    token = token_of(own, Role.READER, user=stranger)
    assert "legalContact" not in Caller.bearing(token).get(f"organisations/{own.pk}").json()
