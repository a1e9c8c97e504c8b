"""Every kind of row has a rule or a reason; each rule's boundary; batches; no file without an owner."""

import datetime as dt
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from adgang import tasks
from adgang.data import retention
from adgang.lib import batches
from contacts.models import UploadedFile
from organisations import keeping, tidying
from organisations.models import (
    AccessRequest,
    Blob,
    Invitation,
    Job,
    KeptAnswer,
    Mail,
    Reminder,
    SecretLink,
    Session,
    SignIn,
    Throttle,
    WebhookDelivery,
)
from systems.models import CheckBatch, CheckRun, ExpiryDigest, ExpiryNotice, HealthChange, SystemDraft
from systems.tidying import tidy as tidy_systems
from tests.factories.rows import row

AT = timezone.now()
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


def test_every_kind_of_row_has_a_rule_or_a_reason():
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    listed = [*retention.RULES, *retention.KEPT]
    assert every - set(listed) == set(), "say in adgang/data/retention.py how long it is kept, or why for good"
    assert set(listed) - every == set()
    assert retention.RULES.keys() & retention.KEPT.keys() == set()


def test_the_document_shows_the_table():
    text = Path("docs/retention.md").read_text(encoding="utf-8")
    assert text == retention.document()


def tidy():
    tidying.tidy(at=AT)
    tidy_systems(at=AT)
    retention.tidy(at=AT)


# Model, the field that counts, how many days, and what else makes the row one of those that go.
RULES = [
    (Mail, "created", 30, {"next_attempt": None}),
    (Session, "expire_date", 14, {}),
    (SecretLink, "expires", 14, {}),
    (SignIn, "at", 90, {}),
    (Throttle, "resets", 0, {}),
    (KeptAnswer, "created", 1, {}),
    (Job, "finished", 30, {}),
    (WebhookDelivery, "created", 30, {"next_attempt": None}),
    (CheckRun, "created", 90, {"status": "PASSED"}),
    (HealthChange, "noticed", 730, {}),
    (AccessRequest, "updated", 365, {}),
    (SystemDraft, "updated", 365, {}),
    (Invitation, "expires", 365, {}),
    (Reminder, "sent", 730, {}),
    (CheckBatch, "finished", 365, {}),
    (UploadedFile, "created", 7, {}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field", "days", "more"), RULES, ids=lambda one: getattr(one, "__name__", ""))
def test_it_is_kept_so_long_and_no_longer(model, field, days, more):
    kept, gone = row(model, {}, **more), row(model, {}, **more)
    for one, age in ((kept, days * DAY - SECOND), (gone, days * DAY + SECOND)):
        model._base_manager.filter(pk=one.pk).update(**{field: AT - age})
    tidy()
    assert set(model._base_manager.values_list("pk", flat=True)) == {kept.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("model", [ExpiryNotice, ExpiryDigest])
def test_what_was_told_is_kept_two_years(model):
    row(model, {}, day=(AT - 731 * DAY).date())
    kept = row(model, {}, day=(AT - 729 * DAY).date())
    tidy()
    assert [one.pk for one in model.objects.all()] == [kept.pk]


@pytest.mark.django_db
def test_what_was_sent_in_or_accepted_stays():
    old = AT - 3000 * DAY
    request = row(AccessRequest, {}, submitted=old)
    invitation = row(Invitation, {}, accepted=old)
    AccessRequest.objects.update(updated=old)
    Invitation.objects.update(expires=old)
    tidy()
    assert AccessRequest.objects.get().pk == request.pk
    assert Invitation.objects.get().pk == invitation.pk


@pytest.mark.django_db
def test_a_file_goes_when_nothing_leads_to_it():
    loose, fresh, led = (keeping.keep(b"x", media_type="text/plain", filename=name) for name in "abc")
    row(Job, {}, file_id=led.pk)
    Blob.objects.exclude(pk=fresh.pk).update(created=AT - 2 * DAY)
    tidy()
    assert set(Blob.objects.values_list("pk", flat=True)) == {fresh.pk, led.pk}
    assert not Blob.objects.filter(pk=loose.pk).exists()


@pytest.mark.django_db
def test_rows_go_in_batches_and_a_night_has_an_end():
    for number in range(7):
        row(Throttle, {}, key=str(number))
    assert batches.remove(Throttle.objects.all(), at_once=2, most=5) == 5
    assert batches.remove(Throttle.objects.all(), at_once=2) == 2
    assert batches.remove(Throttle.objects.all()) == 0


@pytest.mark.django_db
def test_the_task():
    row(SystemDraft, {})
    SystemDraft.objects.update(updated=AT - 400 * DAY)
    tasks.tidy()
    assert not SystemDraft.objects.exists()
