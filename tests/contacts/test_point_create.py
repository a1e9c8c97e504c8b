"""Making a contact point."""

import pytest

from contacts import registering
from contacts.models import ContactPoint
from contacts.registering import NoSuchGroup, NoSuchSystem
from contacts.values import PointValues
from systems.models import System
from tests.contacts.people import CHANGE, authority, last_event, owner, reader, statuses, url
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER, names_below
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db


def answers(org, **changed):
    return {
        "name": "Pas",
        "audiences": ["for_citizens"],
        "system": str(org.systems.get(is_default_recipient=True).pk),
        "state": "OPEN",
    } | changed


def test_who_may():
    org = authority()
    assert statuses(org, "point_create") == CHANGE
    assert reader(org).post(url(org, "point_create"), answers(org)).status_code == 403
    assert not ContactPoint.objects.exists()


def test_everything_at_once():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    response = owner(org).post(
        url(org, "point_create", gruppe=top.pk),
        answers(
            org,
            audiences=["for_citizens", "for_authorities"],
            state="REPLY_ONLY",
            description="Om pas",
            search_terms="rejse\r\n\r\n ferie ",
            codes="KLE 32.24.04\r\nkle:27.36.04g01\r\nCUSTOM:B:2:Navn:Afd",
            recommended_attributes="Sagsnummer",
            translations="12:34",
            memo_size_threshold_mb="12,5",
            allowed_number_of_attachments="0",
            report_link_url="https://example.dk/x",
        ),
        follow=True,
    )
    point = ContactPoint.objects.get()
    assert "Kontaktpunktet Pas er oprettet." in response.content.decode()
    assert names_below(org, top) == ["Pas"]
    assert (point.active, point.visible) == (True, False)
    assert (point.for_citizens, point.for_companies, point.for_authorities) == (True, False, True)
    assert [term.term for term in point.search_terms.all()] == ["rejse", "ferie"]
    assert [(code.type, code.code, code.type_name) for code in point.codes.all()] == [
        ("KLE", "32.24.04", ""),
        ("KLE", "27.36.04 G01", ""),
        ("CUSTOM", "B", "Afd"),
    ]
    assert (str(point.memo_size_threshold_mb), point.allowed_number_of_attachments) == ("12.50", 0)
    tag, before, after = last_event(org)
    assert (tag, before, after["name"], after["groups"], after["group_ids"]) == (
        "CONTACT_POINT_CREATED",
        {},
        "Pas",
        ["Borger"],
        [str(top.pk)],
    )


def test_the_default_recipient_is_proposed():
    org = authority()
    systems.system(organisation=org, name="A andet")
    form = owner(org).get(url(org, "point_create")).context["form"]
    assert (form["system"].value(), form["audiences"].value()) == (
        System.objects.get(is_default_recipient=True).pk,
        ["for_citizens"],
    )


def test_only_recipient_systems_of_ones_own_are_offered():
    org = authority()
    sender = systems.system(organisation=org, is_sender=True, is_recipient=False)
    foreign = systems.system()
    for system in (sender, foreign):
        response = owner(org).post(url(org, "point_create"), answers(org, system=str(system.pk)) | {"name": "A"})
        assert "system" in response.context["form"].errors
    assert not ContactPoint.objects.exists()


def test_without_a_recipient_system_the_page_says_whom_to_ask():
    org = organisation()
    assert "Der er ikke noget modtagersystem endnu" in owner(org).get(url(org, "point_create")).content.decode()


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"name": ""}, "name", "Udfyld: Navn"),
        ({"system": ""}, "system", "Vælg: Modtagersystem"),
        ({"state": "VISIBLE_BUT_CLOSED"}, "state", "VISIBLE_BUT_CLOSED"),
        ({"codes": "KLE:1.2.3\nGLN:5790000000006"}, "codes", "mangler foranstillede nuller"),
        ({"codes": "32.24.04"}, "codes", "siger ikke, hvilken klassifikation"),
        ({"codes": "KLE:32.24.04\nKLE:32.24.04"}, "codes", "to gange"),
        ({"search_terms": "Pas\npas"}, "search_terms", "to gange"),
        ({"search_terms": "x" * 101}, "search_terms", "højst 100"),
        ({"translations": "12"}, "translations", "ikke en tidligere postkasse"),
        ({"memo_size_threshold_mb": "stor"}, "memo_size_threshold_mb", "ikke en størrelse"),
        ({"memo_size_threshold_mb": "NaN"}, "memo_size_threshold_mb", "ikke en størrelse"),
        ({"allowed_number_of_attachments": "-1"}, "allowed_number_of_attachments", "0"),
        ({"report_link_url": "javascript:alert(1)"}, "report_link_url", "ikke et link"),
        ({"registry_id": "x"}, "registry_id", "Kopiér ID"),
    ],
)
def test_faults_are_said_at_their_fields_and_nothing_typed_is_lost(changed, field, said):
    org = authority()
    given = answers(org, description="Om pas") | changed
    response = owner(org).post(url(org, "point_create"), given)
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert said in " ".join(form.errors[field])
    assert form["description"].value() == "Om pas"
    assert form[field].value() == given[field]
    assert not ContactPoint.objects.exists()


def test_every_fault_is_said_at_once():
    org = authority()
    given = answers(org, name="", codes="KLE:1.2.3\nGLN:1", translations="x", report_link_url="x")
    form = owner(org).post(url(org, "point_create"), given).context["form"]
    assert list(form.errors) == ["name", "translations", "report_link_url", "codes"]
    assert len(form.errors["codes"]) == 2


def test_a_group_or_system_that_is_gone_meanwhile():
    org = authority()
    system = systems.system(organisation=org)
    group = contacts.group(organisation=org)
    values = PointValues(name="Pas", system=system)
    group.delete()
    with pytest.raises(NoSuchGroup):
        registering.create_point(caller=CALLER, organisation=org, values=values, groups=[group])
    System.objects.filter(pk=system.pk).update(is_recipient=False, is_sender=True)
    with pytest.raises(NoSuchSystem):
        registering.create_point(caller=CALLER, organisation=org, values=values)


def test_a_point_stands_in_several_groups_from_the_beginning():
    org = authority()
    groups = [contacts.group(organisation=org) for _ in range(2)]
    contacts.point("Pas", groups=[*groups, None])
    assert [names_below(org, group) for group in groups] == [["Pas"], ["Pas"]]
    assert names_below(org)[-1] == "Pas"
