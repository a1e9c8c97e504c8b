"""Forgetting a person: values go, the chain stays whole, a tombstone tells."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from certificates import uploading
from certificates.models import Certificate
from organisations import departing, event_files, event_lookups, events, inviting, keeping
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.models import (
    Blob,
    Event,
    EventDetail,
    EventSubscription,
    Invitation,
    Job,
    ReadinessLine,
    SecretLink,
    User,
)
from organisations.verifying import chains, verify
from tests.factories import certificates
from tests.factories.organisations import Role, organisation, user_with

pytestmark = pytest.mark.django_db

TOKEN = "t" * 43


@pytest.fixture
def left():
    """A person who was invited, worked here and left; beside them a colleague of the same name."""
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Bo Skabelon")
    web = Caller(user=boss, channel=Channel.WEB, request_id="r")
    made = inviting.invite(
        caller=web, organisation=org, email="bo@example.org", name="Bo Skabelon", roles=[Role.READER]
    )
    Invitation.objects.update(token_hash=inviting.secrets.token_hash(TOKEN))
    person = inviting.accept_as_new(caller=web, token=TOKEN, name="Bo Skabelon", password="korrekt hest batteri")
    departing.depart(caller=web, organisation=org, user=person, reason="Nyt job")
    assert made.email == person.email
    return org, boss, person


def erase(email):
    out = StringIO()
    call_command("erase_person", email, stdout=out)
    return out.getvalue()


def test_names_and_addresses_go_and_the_chains_stay_whole(left):
    org, boss, person = left
    erase(" BO@example.org ")
    kept = " ".join(EventDetail.objects.values_list("value", flat=True))
    assert "bo@example.org" not in kept
    # What is left of the name is the colleague's own.
    own = Event.objects.filter(actor_id=boss.pk).count()
    assert kept.count("Bo Skabelon") == own
    assert [verify(chain).broken for chain in chains()] == [None, None]
    person.refresh_from_db()
    assert (person.name, person.is_active, person.has_usable_password()) == ("Slettet person", False, False)
    assert Invitation.objects.get().name == "Slettet person"
    assert Event.objects.filter(organisation_id=org.pk, tag=Tag.PERSON_ERASED).count() == 1


def test_a_tombstone_covers_only_what_it_names(left):
    org, _boss, _person = left
    erase("bo@example.org")
    survivor = EventDetail.objects.filter(event_id__in=Event.objects.filter(organisation_id=org.pk).values("pk"))
    survivor.order_by("pk").first().delete()
    assert verify(org.pk).broken.fault == "detail"


def test_who_still_has_roles_is_not_erased():
    person = user_with(Role.READER, organisation=organisation(), email="kim@example.org")
    with pytest.raises(CommandError) as error:
        erase("kim@example.org")
    assert error.value.returncode == 1
    assert User.objects.get(pk=person.pk).email == "kim@example.org"


def test_an_unknown_address_is_wrong_usage():
    with pytest.raises(CommandError) as error:
        erase("ingen@example.org")
    assert error.value.returncode == 2


def test_what_stands_elsewhere_goes_too(left):
    org, _boss, person = left
    at = timezone.now()
    kept = keeping.keep(b"x", media_type="text/csv", filename="log.csv")
    Job.objects.create(kind=event_files.KIND, requested_by=person, file=kept, created=at, queued_at=at)
    EventSubscription.objects.create(user=person, organisation=org, name="Mit", next_due=at)
    SecretLink.objects.create(
        purpose=SecretLink.Purpose.CALENDAR, user=person, object_id=org.pk, token_hash="h", expires=at
    )
    line = ReadinessLine.objects.create(
        organisation=org, key="terms", responsible_name="Bo Skabelon", responsible_email="Bo@example.org"
    )
    erase("bo@example.org")
    line.refresh_from_db()
    assert (line.responsible_name, line.responsible_email, line.version) == ("Slettet person", "", 2)
    assert [model.objects.count() for model in (Job, Blob, EventSubscription, SecretLink)] == [0, 0, 0, 0]


def test_an_address_within_a_filter_goes(left):
    org, boss, _person = left
    web = Caller(user=boss, channel=Channel.WEB, request_id="r")
    event_lookups.note_reading(caller=web, organisation=org, shown={"q": "bo@example.org"})
    erase("bo@example.org")
    assert not EventDetail.objects.filter(value__contains="bo@example.org").exists()
    assert [verify(chain).broken for chain in chains()] == [None, None]


def test_an_employee_certificate_goes_with_what_the_log_says_of_it(left):
    org, _boss, person = left
    made = certificates.certificate(organisation=org, user=person, kind="MOCES", name="Bo Skabelon")
    web = Caller(user=person, channel=Channel.WEB, request_id="r")
    with transaction.atomic():
        event = events.record(web, org, uploading.certificate_entry(made))
    own = EventDetail.objects.filter(event_id=event.pk)
    assert own.filter(value__contains="Bo Skabelon").count() == 2  # who did it, and the certificate's subject
    erase("bo@example.org")
    assert not own.exists()
    assert not Certificate.objects.filter(pk=made.pk).exists()
    assert [verify(chain).broken for chain in chains()] == [None, None]
