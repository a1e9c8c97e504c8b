"""The list of drafts; beginning and renaming one."""

import pytest

from contacts.drafts import lifecycle
from contacts.models import Draft
from tests.contacts.people import CHANGE, READ, authority, filled, last_event, owner, queries, reader, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "drafts") == READ
    assert statuses(org, "draft_create") == CHANGE
    assert statuses(org, "draft_create", method="post") == CHANGE
    draft = contacts.draft(organisation=org)
    assert statuses(org, "draft_edit", draft.pk) == CHANGE
    assert statuses(org, "draft_edit", draft.pk, method="post") == CHANGE
    assert owner(org).get(url(org, "draft_edit", contacts.draft(organisation=authority()).pk)).status_code == 404


def test_an_empty_list_says_what_belongs_there():
    org = authority()
    text = owner(org).get(url(org, "drafts")).content.decode()
    assert "Ingen kladder endnu" in text
    assert url(org, "draft_create") in text
    assert url(org, "draft_create") not in reader(org).get(url(org, "drafts")).content.decode()


def test_beginning_one():
    org = authority()
    client, page = owner(org), url(org, "draft_create")
    assert "Udfyld: Navn" in client.post(page, {"name": " ", "note": "Bliver stående"}).content.decode()
    response = client.post(page, {"name": "Ny organisation", "note": "Fra 1. januar"}, follow=True)
    draft = Draft.objects.get()
    assert response.redirect_chain[0][0] == url(org, "draft", draft.pk)
    assert "Fra 1. januar" in response.content.decode()
    assert last_event(org) == ("DRAFT_BEGUN", {}, {"name": "Ny organisation", "note": "Fra 1. januar"})


def test_the_list_shows_what_a_draft_does_and_does_not_ask_for_each():
    org = authority()
    contacts.point("Pas", organisation=org)
    contacts.draft(organisation=org, name="Første")
    client, page = owner(org), url(org, "drafts")
    few = queries(client, page)
    for number in range(5):
        contacts.draft(organisation=org, name=f"Kladde {number}")
    assert queries(client, page) == few
    assert "Første" in client.get(f"{page}?tilstand=OPEN").content.decode()
    assert "Første" not in client.get(f"{page}?tilstand=DISCARDED").content.decode()
    exported = b"".join(client.get(f"{page}?format=csv").streaming_content).decode()
    assert "Første" in exported


def test_renaming_it():
    org = authority()
    draft = contacts.draft(organisation=org)
    client, page = owner(org), url(org, "draft_edit", draft.pk)
    mine = filled(client, page) | {"name": "Min"}
    client.post(page, mine | {"name": "Deres"})
    response = client.post(page, mine)
    assert response.status_code == 409
    assert Draft.objects.get().name == "Deres"
    assert last_event(org)[0] == "DRAFT_CHANGED"


def test_a_draft_that_is_closed_keeps_its_name():
    org = authority()
    draft = contacts.draft(organisation=org)
    client, page = owner(org), url(org, "draft_edit", draft.pk)
    mine = filled(client, page) | {"name": "Min"}
    draft.refresh_from_db()
    lifecycle.discard(caller=CALLER, draft=draft, version=draft.version)
    assert "kan ikke ændres nu" in client.post(page, mine, follow=True).content.decode()
    assert Draft.objects.get().name == "Omlægning"
