"""Which mails a person wants: chosen on their page, asked by whoever writes to them."""

import pytest

from organisations.mail_preferences import addressees, choice_context, choose, willing
from organisations.mail_topics import TOPICS, Topic
from organisations.models import Mail, MailPreference
from organisations.rights import Right
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db


def test_each_organisation_has_its_own_choices():
    ours, theirs = organisation(name="Aaby Kommune"), organisation(name="Skovby Kommune")
    kim = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours)
    grant(user=kim, role=Role.READER, organisation=theirs)
    client = client_for(kim)
    assert client.get("/mig/mails/").content.count(b"checked") == 2 * len(TOPICS)
    every = {f"{theirs.cvr_number}-{topic.value.lower()}": "on" for topic in Topic}
    answer = client.post("/mig/mails/", {"chosen": "1"} | every)
    assert toasts(answer) == ["Dit valg af mails er gemt."]
    assert willing(Topic.EXPIRY, ours, [kim]) == []
    assert willing(Topic.EXPIRY, theirs, [kim]) == [kim]
    client.post("/mig/mails/", {"chosen": "1"})
    assert MailPreference.objects.filter(wanted=True).count() == 0


def test_nothing_is_offered_that_the_role_does_not_open():
    kim = user_with(Role.STATISTICS_ADMINISTRATOR, organisation=organisation())
    names = {topic for topic, row in TOPICS.items() if row.right is Right.SYSTEMS_VIEW}
    assert names
    page = text(client_for(kim).get("/mig/mails/"))
    assert not any(str(topic.label) in page for topic in names)


def test_the_page_costs_the_same_for_many_organisations(django_assert_num_queries):
    kim = user_with(Role.READER, organisation=organisation())
    client = client_for(kim)
    client.get("/mig/mails/")
    with django_assert_num_queries(4):
        client.get("/mig/mails/")
    for _ in range(3):
        grant(user=kim, role=Role.READER, organisation=organisation())
    with django_assert_num_queries(4):
        client.get("/mig/mails/")


def test_a_contact_with_an_account_has_its_wish_and_language_respected():
    ours = organisation()
    kim = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours, email="kim@example.org", language="en")
    contacts = ["Kim@Example.org", "Drift@example.org", "drift@example.org"]
    assert addressees(Topic.EXPIRY, ours, people=[kim], contacts=contacts) == {
        "drift@example.org": "da",
        "kim@example.org": "en",
    }
    choose(user=kim, choices={ours: {Topic.EXPIRY: False}})
    assert list(addressees(Topic.EXPIRY, ours, people=[kim], contacts=contacts)) == ["drift@example.org"]
    assert "kim@example.org" in addressees(Topic.EXPIRY, organisation(), people=[kim])


def test_only_an_account_is_shown_where_to_choose():
    user(email="kim@example.org")
    user(email="fhv@example.org", is_active=False)
    assert choice_context(Mail(to="KIM@example.org"))["choose_url"].endswith("/mig/mails/")
    assert choice_context(Mail(to="drift@example.org"))["choose_url"] == ""
    assert choice_context(Mail(to="fhv@example.org"))["choose_url"] == ""
