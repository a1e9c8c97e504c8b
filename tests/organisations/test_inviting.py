"""Invitations: a link that is made while it is sent, works once, and never opens somebody else's account."""

import datetime as dt
import json
import uuid

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import timezone
from freezegun import freeze_time

from adgang.lib.findings import Finding
from organisations import inviting, mail
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.grants import Wish
from organisations.models import Employment, Event, Invitation, Mail, Privilege, User, UserGroup
from tests.factories import systems
from tests.factories.organisations import Role, invitation, organisation, user, user_with
from tests.organisations.links import token_in

pytestmark = pytest.mark.django_db

TOKEN = "t" * 43
PASSWORD = "korrekt hest batteri"


def caller(person=None):
    return Caller(user=person, channel=Channel.WEB, request_id="r")


def invite(org, boss, *, email="ny@example.org", roles=(Role.READER,)):
    return inviting.invite(caller=caller(boss), organisation=org, email=email, name="Ny Person", roles=list(roles))


def code(result):
    assert isinstance(result, Finding)
    return result.code


def boss_of(org):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)


def test_an_invitation_waits_with_its_mail_and_without_any_secret():
    org = organisation()
    boss = boss_of(org)
    made = invite(org, boss, email=" Ny@Example.org ")
    assert (made.email, made.roles, made.token_hash, made.invited_by_id) == ("ny@example.org", ["READER"], "", boss.pk)
    assert made.expires - made.created > dt.timedelta(days=6, hours=23)
    row = Mail.objects.get()
    assert (row.kind, row.to, row.object_id, row.organisation) == ("invitation", "ny@example.org", made.pk, org)
    event = Event.objects.get(organisation_id=org.pk)
    assert event.tag == Tag.PERSON_INVITED
    assert "ny@example.org" not in event.payload
    assert json.loads(event.payload)["after"]["roles"] == ["READER"]


def test_sending_makes_the_link_and_keeps_its_hash_only():
    org = organisation(name="Skovby Kommune")
    made = invite(org, boss_of(org))
    mail.send_waiting(at=timezone.now())
    [sent] = outbox.outbox
    assert sent.subject == "Invitation til Adgang – Skovby Kommune – TEST"
    token = token_in(sent.body, "/invitation/")
    assert inviting.find(token) == made
    assert token not in json.dumps(list(Invitation.objects.values()), default=str)


@pytest.mark.parametrize("accepted", [True, False])
def test_before_the_terms_only_some_roles_can_be_offered(accepted):
    org = organisation(accepted=accepted)
    boss = boss_of(org)
    result = invite(org, boss, roles=(Role.READER, Role.CONTACT_ADMINISTRATOR))
    if accepted:
        assert result.roles == ["READER", "CONTACT_ADMINISTRATOR"]
    else:
        assert code(result) == "terms.missing"


def test_who_is_invited_or_works_here_is_not_invited_again():
    org = organisation()
    boss = boss_of(org)
    invite(org, boss)
    assert code(invite(org, boss)) == "invitation.exists"
    assert code(invite(org, boss, email=boss.email)) == "invitation.works_here"
    assert code(invite(org, boss, email="x@example.org", roles=())) == "invitation.no_roles"


def test_only_who_may_give_roles_invites():
    org = organisation()
    colleague = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org)
    stranger = boss_of(organisation())
    assert code(invite(org, colleague)) == "privilege.not_grantable"
    assert code(invite(org, stranger)) == "privilege.not_grantable"


def test_an_operator_appoints_the_first_user_administrator_and_both_logs_tell():
    org = organisation(accepted=False)
    operator = user_with(Role.SYSTEM_MANAGER, organisation=None)
    made = inviting.invite(
        caller=caller(operator),
        organisation=org,
        email="chef@example.org",
        name="Chef",
        roles=[Role.ORGANISATION_USER_ADMINISTRATOR],
        reason="Ny myndighed",
    )
    assert made.roles == ["ORGANISATION_USER_ADMINISTRATOR"]
    assert Event.objects.filter(tag=Tag.PERSON_INVITED, payload__contains="Ny myndighed").count() == 2


def test_accepting_opens_an_account_with_the_roles():
    org = organisation()
    waiting = invitation(organisation=org, token=TOKEN, roles=(Role.READER, Role.CONTACT_ADMINISTRATOR))
    person = inviting.accept_as_new(caller=caller(), token=TOKEN, name="Ny Person", password=PASSWORD)
    assert (person.email, person.name, person.check_password(PASSWORD)) == (waiting.email, "Ny Person", True)
    assert sorted(person.privileges.values_list("type", flat=True)) == ["CONTACT_ADMINISTRATOR", "READER"]
    assert Employment.objects.filter(user=person, organisation=org, ended=None).count() == 1
    tags = [event.tag for event in Event.objects.filter(organisation_id=org.pk).order_by("seq")]
    assert tags == [Tag.INVITATION_ACCEPTED, Tag.PRIVILEGES_GRANTED, Tag.PRIVILEGES_GRANTED]
    assert set(Event.objects.values_list("actor_id", flat=True)) == {person.pk}


def test_an_invitation_works_once():
    invitation(organisation=organisation(), token=TOKEN)
    inviting.accept_as_new(caller=caller(), token=TOKEN, name="Ny", password=PASSWORD)
    again = inviting.accept_as(caller=caller(), token=TOKEN, user=user())
    assert code(again) == "invitation.used"


def test_the_mail_address_alone_never_opens_an_account():
    org, person = organisation(), user(email="kendt@example.org", password=PASSWORD)
    invitation(organisation=org, token=TOKEN, email="kendt@example.org")
    taken = inviting.accept_as_new(caller=caller(), token=TOKEN, name="Tyv", password="et helt andet kodeord")
    assert code(taken) == "invitation.needs_account"
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)
    assert Privilege.objects.filter(user=person).count() == 0


def test_a_person_who_proved_the_account_gets_the_roles_they_lack():
    org = organisation()
    person = user_with(Role.READER, organisation=org)
    invitation(organisation=org, token=TOKEN, roles=(Role.READER, Role.CONTACT_ADMINISTRATOR))
    assert inviting.accept_as(caller=caller(), token=TOKEN, user=person) == person
    assert sorted(person.privileges.values_list("type", flat=True)) == ["CONTACT_ADMINISTRATOR", "READER"]


def test_an_account_that_accepts_is_not_written_over():
    person = user(email="ny@example.org")
    invitation(organisation=organisation(), email=person.email, token=TOKEN)
    read_before = User.objects.get(pk=person.pk)
    User.objects.filter(pk=person.pk).update(name="Nyt Navn", failed_sign_ins=3)
    inviting.accept_as(caller=caller(), token=TOKEN, user=read_before)
    person.refresh_from_db()
    assert (person.name, person.failed_sign_ins) == ("Nyt Navn", 3)


def test_an_invitation_expires_and_is_sent_again():
    org = organisation()
    boss = boss_of(org)
    waiting = invitation(organisation=org, token=TOKEN)
    with freeze_time(timezone.now() + dt.timedelta(days=8)):
        assert inviting.state(waiting, at=timezone.now()).code == "invitation.expired"
        assert code(inviting.accept_as(caller=caller(), token=TOKEN, user=user())) == "invitation.expired"
        assert inviting.resend(caller=caller(boss), invitation=waiting) is None
        assert inviting.find(TOKEN) is None
        mail.send_waiting(at=timezone.now())
        fresh = token_in(outbox.outbox[-1].body, "/invitation/")
        assert inviting.state(inviting.find(fresh), at=timezone.now()) is None


def test_withdrawing_ends_the_link_and_its_waiting_mail():
    org = organisation()
    boss = boss_of(org)
    made = invite(org, boss)
    assert inviting.withdraw(caller=caller(boss), invitation=made) is None
    assert inviting.withdraw(caller=caller(boss), invitation=made).code == "invitation.withdrawn"
    assert inviting.resend(caller=caller(boss), invitation=made).code == "invitation.withdrawn"
    mail.send_waiting(at=timezone.now())
    assert outbox.outbox == []
    assert isinstance(invite(org, boss), Invitation)


def test_an_invitation_may_limit_its_roles_and_lead_into_groups():
    org = organisation()
    group = UserGroup.objects.create(organisation=org, name="Driften")
    system = systems.system(organisation=org, name="Postkassen")
    until = timezone.now() + dt.timedelta(days=30)
    limited = Wish(type=Role.ORGANISATION_ADMINISTRATOR, system_id=system.pk, active_to=until)
    gone = Wish(type=Role.READER, system_id=uuid.uuid4())
    past = Wish(type=Role.CONTACT_ADMINISTRATOR, active_to=timezone.now() - dt.timedelta(days=1))
    given = {"caller": caller(boss_of(org)), "organisation": org, "email": "ny@example.org", "name": "Ny Person"}
    with transaction.atomic():
        inviting.put(**given, wishes=[Wish(type=Role.LETTER_ADMINISTRATOR), limited, gone, past], into=[group])
    mail.send_waiting(at=timezone.now())
    [sent] = outbox.outbox
    assert "Systemadministrator (kun Postkassen, til" in sent.body
    assert "Driften" in sent.body
    person = user(email="ny@example.org")
    inviting.accept_as(caller=caller(person), token=token_in(sent.body, "/invitation/"), user=person)
    # What can no longer be given is passed over.
    assert set(person.privileges.values_list("type", "system_id", "active_to")) == {
        (Role.LETTER_ADMINISTRATOR, None, None),
        (Role.ORGANISATION_ADMINISTRATOR, system.pk, until),
    }
    assert person.memberships.get().group == group
