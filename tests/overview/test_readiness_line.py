"""Saying one's part of a line: who may, what is asked for, and nothing typed is lost."""

import pytest
from django.urls import reverse

from adgang.overview import readiness
from organisations.callers import Caller
from organisations.models import Material, ReadinessLine
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def kim(org):
    return user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org, name="Kim Prøvesen")


def address(org, key="package_3"):
    return reverse("readiness_line", args=[org.cvr_number, key])


def values(**given):
    empty = {"evidence": "", "note": "", "responsible_name": "", "responsible_email": "", "due": "", "version": "1"}
    return empty | {"state": "MISSING"} | given


def test_owner_confirms(org, kim):
    response = client_for(kim).post(address(org), values(state="CONFIRMED", evidence="Referat af 3. november"))
    assert response["Location"] == reverse("overview", args=[org.cvr_number])
    row = ReadinessLine.objects.get()
    assert (row.key, row.step, row.state, row.confirmed_by) == ("package_3", 2, "CONFIRMED", kim)


def test_reader_may_not_and_stranger_does_not_learn(org):
    assert client_for(user_with(Role.READER, organisation=org)).get(address(org)).status_code == 403
    stranger = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation())
    assert client_for(stranger).post(address(org), values(state="CONFIRMED")).status_code == 404
    assert not ReadinessLine.objects.exists()


@pytest.mark.parametrize("key", ["nothing", "00000000-0000-0000-0000-000000000000"])
def test_unknown_line(org, kim, key):
    assert client_for(kim).get(address(org, key)).status_code == 404


def test_own_line_of_another_organisation(org, kim):
    row = ReadinessLine.objects.create(organisation=organisation(), step=1, text="Egen")
    assert client_for(kim).get(address(org, row.pk)).status_code == 404


@pytest.mark.parametrize(
    ("key", "states"),
    [
        ("package_3", ["MISSING", "CONFIRMED", "NOT_RELEVANT"]),
        ("identification", ["MISSING", "ORDERED", "CONFIRMED"]),
        ("credentials", ["MISSING", "ORDERED"]),
        ("terms", ["MISSING"]),
        ("sender_systems", ["MISSING", "NOT_RELEVANT"]),
    ],
)
def test_offers_what_may_be_said(org, kim, key, states):
    form = client_for(kim).get(address(org, key)).context["form"]
    assert [value for value, _ in form["state"].field.choices] == states
    assert [radio.data["value"] for radio in form["state"]] == states


def test_a_word_that_may_not_be_said_is_refused(org, kim):
    response = client_for(kim).post(address(org, "terms"), values(state="CONFIRMED"))
    assert list(response.context["form"].errors) == ["state"]


@pytest.mark.parametrize(("key", "state"), [("package_3", "NOT_RELEVANT"), ("identification", "ORDERED")])
def test_asks_for_the_reason_and_keeps_what_was_typed(org, kim, key, state):
    response = client_for(kim).post(address(org, key), values(state=state, note="Vigtigt"))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["evidence"]
    assert response.context["form"]["note"].value() == "Vigtigt"
    assert not ReadinessLine.objects.exists()


def test_an_address_needs_a_name(org, kim):
    response = client_for(kim).post(address(org), values(responsible_email="bo@example.org"))
    assert list(response.context["form"].errors) == ["responsible_name"]


def test_own_line_can_change_text_and_step(org, kim):
    row = ReadinessLine.objects.create(organisation=org, step=1, text="Egen")
    given = values(text="Ret brevskabelonerne", step="3", state="DONE")
    client_for(kim).post(address(org, row.pk), given)
    row.refresh_from_db()
    assert (row.text, row.step, row.state, row.version) == ("Ret brevskabelonerne", 3, "DONE", 2)


def test_two_savers_see_both_versions(org, kim):
    readiness.save(caller=CALLER, row=readiness.find(org, "package_3")[1], version=1)
    row = ReadinessLine.objects.get()
    row.note = "Først"
    readiness.save(caller=CALLER, row=row, version=1)
    client = client_for(kim)
    response = client.post(address(org), values(note="Sidst"))
    assert response.status_code == 409
    assert [(one.theirs, one.yours) for one in response.context["rows"] if one.differs] == [("Først", "Sidst")]
    assert client.post(address(org), dict(response.context["resend"])).status_code == 302
    assert ReadinessLine.objects.get().note == "Sidst"


def test_two_first_savers_see_both_versions(org, kim):
    client = client_for(kim)
    client.get(address(org))
    row = readiness.find(org, "package_3")[1]
    row.note = "Først"
    saved = readiness.save(caller=CALLER, row=row, version=1)
    readiness.save(caller=CALLER, row=saved, version=1)
    response = client.post(address(org), values(note="Sidst"))
    assert response.status_code == 409
    assert ReadinessLine.objects.get().note == "Først"


def test_shows_the_operators_minimum_requirements(org, kim):
    Material.objects.create(kind="REQUIREMENT", title_da="Modtager MeMo", step=2)
    Material.objects.create(kind="REQUIREMENT", title_da="Har en beskrivelse", step=3)
    shown = client_for(kim).get(address(org, "system_requirements")).context["requirements"]
    assert [one.title for one in shown] == ["Modtager MeMo"]
    assert client_for(kim).get(address(org, "package_3")).context["requirements"] == []
