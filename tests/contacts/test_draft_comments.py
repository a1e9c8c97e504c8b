"""Comments and approval: who may say what, and what an approval is worth once the draft was changed."""

import pytest
from django.utils import timezone

from contacts import dependants
from contacts.drafts import approving, lifecycle, publishing
from contacts.models import Draft, DraftComment
from tests.contacts.drafting import add_group
from tests.contacts.people import READ, authority, last_event, owner, queries, reader, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER
from tests.factories.organisations import Role, client_for, user_with

pytestmark = pytest.mark.django_db


def world():
    """A draft, and the client of who began it."""
    org = authority()
    beginner = user_with(Role.CONTACT_ADMINISTRATOR, organisation=org, name="Bente Begynder")
    return org, contacts.draft(organisation=org, begun_by=beginner), client_for(beginner)


def say(org, draft, client, **data):
    data = {"version": Draft.objects.get(pk=draft.pk).version, **data}
    return client.post(url(org, "draft_comments", draft.pk), data, follow=True)


def approve(org, draft, client, **data):
    return say(org, draft, client, approves="on", **data)


def test_who_may():
    org, draft, _client = world()
    assert statuses(org, "draft_comments", draft.pk) == READ
    assert statuses(org, "draft_comments", draft.pk, method="post") == READ
    other = contacts.draft(organisation=authority())
    assert owner(org).get(url(org, "draft_comments", other.pk)).status_code == 404


def test_readers_comment_and_do_not_approve():
    org, draft, _client = world()
    client = reader(org)
    assert "kan udgives, som den er" not in client.get(url(org, "draft_comments", draft.pk)).content.decode()
    answer = approve(org, draft, client, text="Husk Borgerservice <b>").content.decode()
    assert "Din kommentar er gemt." in answer
    assert "Husk Borgerservice &lt;b&gt;" in answer
    comment = DraftComment.objects.get()
    assert (comment.approves, comment.text) == (False, "Husk Borgerservice <b>")
    assert last_event(org)[0] == "DRAFT_COMMENTED"


def test_words_are_asked_for_where_nothing_is_approved():
    org, draft, client = world()
    assert "text" in say(org, draft, client, text="  ").context["form"].errors
    assert "text" in say(org, draft, client, text="x" * 2001).context["form"].errors
    assert not DraftComment.objects.exists()


def test_approval_by_a_colleague_and_by_who_began_it_differ():
    org, draft, client = world()
    approve(org, draft, client)
    publish_page = url(org, "draft_publish", draft.pk)
    assert "Ingen kollega har godkendt kladden." in client.get(publish_page).content.decode()
    approve(org, draft, client_for(user_with(Role.CONTACT_ADMINISTRATOR, organisation=org, name="Karl Kollega")))
    text = client.get(publish_page).content.decode()
    assert "Godkendt" in text
    assert "Karl Kollega" in text
    assert "2 kommentarer" in text


def test_an_approval_is_of_the_draft_as_it_was():
    org, draft, client = world()
    approve(org, draft, owner(org))
    add_group(draft, "Nyere")
    text = client.get(url(org, "draft_publish", draft.pk)).content.decode()
    assert "Ændret siden godkendelsen" in text
    approve(org, draft, owner(org))
    assert approving.talk(Draft.objects.get(pk=draft.pk)).by_another


def test_planning_leaves_the_approval():
    org, draft, _client = world()
    approve(org, draft, owner(org))
    draft.refresh_from_db()
    publishing.plan(caller=CALLER, draft=draft, at=timezone.now(), version=draft.version)
    assert approving.talk(draft).by_another


def test_nobody_approves_what_was_changed_while_they_read():
    org, draft, _client = world()
    seen = Draft.objects.get(pk=draft.pk).version
    add_group(draft, "Nyere")
    answer = approve(org, draft, owner(org), version=seen, text="Fint").content.decode()
    assert "Kladden er ændret, mens du læste." in answer
    assert not DraftComment.objects.exists()
    say(org, draft, owner(org), version=seen, text="Fint")
    assert DraftComment.objects.get().text == "Fint"


def test_what_is_closed_is_talked_about_but_not_approved():
    org, draft, client = world()
    lifecycle.discard(caller=CALLER, draft=draft, version=Draft.objects.get(pk=draft.pk).version)
    approve(org, draft, client, text="Ærgerligt")
    assert not DraftComment.objects.get().approves


def test_as_many_queries_with_many_comments():
    org, draft, client = world()
    say(org, draft, client, text="En")
    few = queries(client, url(org, "draft_comments", draft.pk))
    for number in range(5):
        say(org, draft, reader(org), text=f"Nummer {number}")
    assert queries(client, url(org, "draft_comments", draft.pk)) == few


def test_the_log_leads_to_the_draft():
    org, draft, _client = world()
    assert dependants.object_link("draft", draft.pk, org) == url(org, "draft", draft.pk)
    assert dependants.object_link("draft", draft.pk, authority()) == ""
