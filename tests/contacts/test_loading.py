"""The structure read into memory: the very values that each group and point has."""

import uuid
from dataclasses import fields
from decimal import Decimal

import pytest

from contacts import loading
from contacts.models import ContactPoint
from contacts.values import Code, Mailbox, PointValues
from tests.contacts.people import authority
from tests.factories import contacts

pytestmark = pytest.mark.django_db

EVERYTHING = {
    "description": "Pas og kørekort",
    "internal_description": "Passes af team 3",
    "for_companies": True,
    "for_authorities": True,
    "active": False,
    "visible": False,
    "registry_id": uuid.UUID(int=18),
    "replaced_by": uuid.UUID(int=19),
    "report_link_label": "Selvbetjening",
    "report_link_description": "Du kan søge med det samme.",
    "report_link_url": "https://www.example.dk/pas",
    "report_link_text": "Søg pas",
    "memo_size_threshold_mb": Decimal("12.50"),
    "allowed_number_of_attachments": 5,
    "codes": (Code(type="KLE", code="23.05.01", name="Pas"), Code(type="GLN", code="5790000000005")),
    "search_terms": ("rejse", "pas"),
    "recommended_attributes": ("Sagsnummer",),
    "translations": (Mailbox(1234, 56), Mailbox(1234, 57)),
}


def test_a_point_has_all_its_values_in_their_order():
    org = authority()
    group = contacts.group("Borger", organisation=org)
    contacts.point("Tomt", organisation=org, description="", search_terms=())
    contacts.point("Pas", organisation=org, groups=(None, group), **EVERYTHING)
    loaded = loading.load(org)
    names = [field.name for field in fields(PointValues)]
    for point in ContactPoint.objects.with_belongings():
        node = loaded.points[point.pk]
        assert node.values == PointValues.of(point)
        assert list(vars(node.values)) == names
        assert hash(node.values) == hash(PointValues.of(point))
        assert (node.id, node.version) == (point.pk, point.version)
        assert node.group_ids == [place.group_id for place in point.placements.all()]
    assert [node.values.name for node in loaded.points.values()] == ["Pas", "Tomt"]


def test_what_is_made_during_the_reading_belongs_to_the_next(monkeypatch):
    org = authority()
    borger = contacts.group("Borger", organisation=org)
    pas = contacts.point("Pas", organisation=org, groups=(borger,))
    read = loading._points

    def meanwhile(*args):
        found = read(*args)
        contacts.point("Nyt", organisation=org, groups=(borger,))
        contacts.point("Andet", organisation=org, groups=(contacts.group("Ny", organisation=org),))
        return found

    monkeypatch.setattr(loading, "_points", meanwhile)
    structure = loading.load(org)
    assert list(structure.points) == [pas.pk]
    assert [(node.id, group_id) for node, group_id in structure.standing()] == [(pas.pk, borger.pk)]
