"""Deleting a contact point: replies only is proposed first."""

import pytest

from contacts.models import ContactPoint, ContactPointCode, Placement, SearchTerm
from contacts.values import Code
from tests.contacts.people import CHANGE, authority, last_event, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "point_delete", contacts.point(organisation=org).pk) == CHANGE
    assert statuses(org, "point_delete", contacts.point(organisation=org).pk, method="post") == CHANGE | {"owner": 302}


def test_the_page_proposes_replies_only_and_says_what_deleting_means():
    org = authority()
    point = contacts.point("Pas", groups=[contacts.group(organisation=org), None], organisation=org)
    contacts.point("Gammelt pas", organisation=org, replaced_by=point.pk)
    text = owner(org).get(url(org, "point_delete", point.pk)).content.decode()
    assert text.index("Behold det kun til retursvar") < text.index("Slet kontaktpunktet")
    assert "Svar på breve, der bærer dets ID, bliver afvist." in text
    assert "Det forsvinder fra alle 2 steder" in text
    assert "Gammelt pas nævner det som sin afløser" in text
    assert ContactPoint.objects.count() == 2


def test_the_proposal_keeps_it_for_replies():
    org = authority()
    point = contacts.point(organisation=org)
    owner(org).post(url(org, "point_state", point.pk), {"state": "REPLY_ONLY", "replaced_by": "", "version": 1})
    assert (ContactPoint.objects.get().active, ContactPoint.objects.get().visible) == (True, False)


def test_nothing_is_proposed_to_what_is_for_replies_only():
    org = authority()
    point = contacts.point(organisation=org, visible=False)
    assert "Behold det kun" not in owner(org).get(url(org, "point_delete", point.pk)).content.decode()


def test_deleting():
    org = authority()
    point = contacts.point("Pas", organisation=org, codes=(Code(type="SOR", code="12"),))
    response = owner(org).post(url(org, "point_delete", point.pk), {"version": 1}, follow=True)
    assert "Kontaktpunktet Pas er slettet." in response.content.decode()
    assert [model.objects.count() for model in (ContactPoint, Placement, SearchTerm, ContactPointCode)] == [0] * 4
    tag, before, after = last_event(org)
    assert (tag, before["name"], before["codes"], after) == (
        "CONTACT_POINT_DELETED",
        "Pas",
        [{"type": "SOR", "code": "12"}],
        {},
    )
    assert (before["groups"], before["group_ids"]) == ([""], [None])


def test_a_stale_page_deletes_nothing():
    org = authority()
    point = contacts.point(organisation=org)
    ContactPoint.objects.update(version=2)
    owner(org).post(url(org, "point_delete", point.pk), {"version": 1})
    assert ContactPoint.objects.count() == 1
