"""Which mails a person wants: the choices on their page, and who is left of those a mail is meant for."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from organisations.callers import Caller
from organisations.mail_topics import TOPICS, Topic
from organisations.models import Mail, MailPreference, Organisation, User

Choices = dict[Topic, bool]
LANGUAGE = "da"  # of contacts who have no account


def offered(caller: Caller) -> dict[Organisation, Choices]:
    """Return what the person may choose, for each organisation, and what counts now; in two queries."""
    if caller.user is None:
        return {}
    rows = MailPreference.objects.filter(user=caller.user)
    said = {(row.organisation_id, row.topic): row.wanted for row in rows}
    found = {}
    for organisation in caller.organisations:
        grants = caller.grants(organisation)
        topics = [topic for topic, row in TOPICS.items() if grants.opens(row.right)]
        choices = {topic: said.get((organisation.pk, topic), TOPICS[topic].default) for topic in topics}
        if choices:
            found[organisation] = choices
    return found


@transaction.atomic
def choose(*, user: User, choices: Mapping[Organisation, Mapping[Topic, bool]]) -> None:
    """Keep what the person wants. It is a matter of their own mailbox: no event tells of it."""
    rows = [
        MailPreference(user=user, organisation=organisation, topic=topic, wanted=wanted)
        for organisation, topics in choices.items()
        for topic, wanted in topics.items()
    ]
    MailPreference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "organisation", "topic"],
        update_fields=["wanted", "updated"],
    )


def willing(topic: Topic, organisation: Organisation, users: Iterable[User]) -> list[User]:
    """Return those of the people who want mails about the topic from the organisation, in their order."""
    people = list(users)
    rows = MailPreference.objects.filter(user__in=people, organisation=organisation, topic=topic)
    said = dict(rows.values_list("user_id", "wanted"))
    return [user for user in people if said.get(user.pk, TOPICS[topic].default)]


def addressees(
    topic: Topic, organisation: Organisation, *, people: Iterable[User] = (), contacts: Iterable[str] = ()
) -> dict[str, str]:
    """Return who gets a mail about the topic, each address with its language.

    `people` have a role. `contacts` are addresses from registrations; where one belongs to an account, that person's
    wish and language count, whatever the letters' case, and they get one mail.
    """
    addresses = {User.objects.normalize(address): address for address in contacts}
    accounts = {user.email: user for user in User.objects.filter(email__in=addresses, is_active=True)}
    accounts |= {user.email: user for user in people}
    strangers = [address for key, address in addresses.items() if key not in accounts]
    chosen = willing(topic, organisation, accounts.values())
    return dict.fromkeys(strangers, LANGUAGE) | {user.email: user.language for user in chosen}


def choice_context(mail: Mail) -> dict[str, Any]:
    """Return what `mail/choice.<language>.txt` says at the foot of a mail: where its reader may choose.

    `choose_url` is empty for an address without an account.
    """
    has_account = User.objects.filter(email=User.objects.normalize(mail.to), is_active=True).exists()
    return {"choose_url": f"{settings.ADGANG_BASE_URL}{reverse('mail_preferences')}" if has_account else ""}
