"""The pages of webhooks: who may, a secret shown once, changing, switching, deleting, sending again."""

import base64
import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations import webhook_sending, webhooks
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Event, Webhook, WebhookDelivery
from organisations.rights import PrivilegeType
from tests.factories.organisations import client_for, organisation, user_with

pytestmark = pytest.mark.django_db
CALLER = Caller.command("test")
URL = "https://modtager.example/adgang"


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def client(org):
    return client_for(user_with(PrivilegeType.ORGANISATION_ADMINISTRATOR, organisation=org))


def made(org, name="Sagssystem", **fields):
    webhook = Webhook(organisation=org, name=name, url=URL, **fields)
    webhooks.make(caller=CALLER, webhook=webhook)
    return webhook


def page(name, org, webhook=None):
    return reverse(name, args=[org.cvr_number, webhook.pk] if webhook else [org.cvr_number])


def tags(org):
    return list(Event.objects.filter(organisation_id=org.pk).order_by("seq").values_list("tag", flat=True))


def test_who_may(org, client):
    webhook = made(org)
    assert client.get(page("webhooks", org)).status_code == 200
    reader = client_for(user_with(PrivilegeType.READER, organisation=org))
    stranger = client_for(user_with(PrivilegeType.ORGANISATION_ADMINISTRATOR, organisation=organisation()))
    for name in ("webhook", "webhook_edit", "webhook_secret", "webhook_switch", "webhook_delete"):
        assert client.get(page(name, org, webhook)).status_code == 200
        assert reader.get(page(name, org, webhook)).status_code == 403
        assert stranger.get(page(name, org, webhook)).status_code == 404
    # One's own page with another's webhook is no way in.
    assert client.get(page("webhook", org, made(organisation()))).status_code == 404


def test_the_secret_is_shown_once_and_kept_nowhere_in_clear(org, client):
    answer = client.post(page("webhook_create", org), {"name": "Sagssystem", "url": URL, "tags": [], "version": 1})
    webhook = Webhook.objects.get()
    secret = answer.context["secret"]
    assert answer.headers["Cache-Control"].count("no-store")
    assert base64.b64decode(secret.removeprefix("whsec_")) == webhook.secret
    assert webhook.secret not in bytes(webhook.encrypted_secret)
    assert secret not in client.get(page("webhook", org, webhook)).content.decode()
    assert tags(org) == [Tag.WEBHOOK_MADE]
    assert secret not in Event.objects.get().payload


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://a.example/",
            "https://",
            "https://a:b@c.example/",
            "https://a.example:0/",
            "https://a b.example/",
            "x",
        ),
        *("https://æ.example/", "https://a.example:x/", "javascript:alert(1)", "https://a.example/\r\nX: y"),
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused_at_its_field(org, client, url):
    answer = client.post(page("webhook_create", org), {"name": "A", "url": url, "version": 1})
    assert "url" in answer.context["form"].errors
    assert not Webhook.objects.exists()


def test_a_name_stands_once_and_there_are_ten(org, client):
    made(org)
    answer = client.post(page("webhook_create", org), {"name": "Sagssystem", "url": URL, "version": 1})
    assert "name" in answer.context["form"].errors
    for number in range(9):
        made(org, name=str(number))
    answer = client.post(page("webhook_create", org), {"name": "En til", "url": URL, "version": 1})
    assert "10" in str(answer.context["form"].non_field_errors())


def test_changed_with_an_event_unless_somebody_was_first(org, client):
    webhook = made(org)
    sent = {"name": "Nyt navn", "url": URL, "tags": [Tag.SYSTEM_CHANGED], "version": webhook.version}
    assert client.post(page("webhook_edit", org, webhook), sent).status_code == 302
    assert Webhook.objects.get().tags == [Tag.SYSTEM_CHANGED]
    assert client.post(page("webhook_edit", org, webhook), sent | {"name": "Et andet"}).status_code == 409
    assert tags(org) == [Tag.WEBHOOK_MADE, Tag.WEBHOOK_CHANGED]


def test_a_new_secret(org, client):
    webhook = made(org)
    old = webhook.secret
    answer = client.post(page("webhook_secret", org, webhook), {"version": webhook.version})
    fresh = Webhook.objects.get()
    assert fresh.secret != old
    assert base64.b64decode(answer.context["secret"].removeprefix("whsec_")) == fresh.secret
    assert client.post(page("webhook_secret", org, webhook), {"version": webhook.version}).status_code == 302
    assert Webhook.objects.get().secret == fresh.secret


def test_off_and_on_and_gone(org, client):
    webhook = made(org)
    client.post(page("webhook_switch", org, webhook), {"version": 1})
    assert not Webhook.objects.get().active
    client.post(page("webhook_switch", org, webhook), {"version": 1})
    assert not Webhook.objects.get().active
    client.post(page("webhook_switch", org, webhook), {"version": 2})
    assert Webhook.objects.get().active
    client.post(page("webhook_delete", org, webhook), {"version": 2})
    assert Webhook.objects.exists()
    client.post(page("webhook_delete", org, webhook), {"version": 3})
    assert not Webhook.objects.exists()
    assert tags(org)[-1] == Tag.WEBHOOK_DELETED


def test_messages_are_listed_and_sent_again(org, client):
    webhook = made(org)
    made(org, name="Andet")
    webhook_sending.enqueue(at=timezone.now())
    message = WebhookDelivery.objects.get(webhook=webhook)
    WebhookDelivery.objects.update(delivered=timezone.now(), next_attempt=None, attempts=1, status=204)
    assert "Leveret" in client.get(page("webhook", org, webhook)).content.decode()
    client.post(page("webhook_replay", org, webhook), {"message": str(message.pk)})
    message.refresh_from_db()
    assert (message.delivered, message.attempts) == (None, 0)
    for nonsense in ("x", str(webhook.pk), ""):
        assert client.post(page("webhook_replay", org, webhook), {"message": nonsense}).status_code == 302
    assert client.get(page("webhook", org, webhook), {"tilstand": "waiting"}).context["list"].count == 1
    assert client.get(page("webhook", org, webhook), {"format": "csv"}).status_code == 200


def test_old_messages_go(org):
    from organisations import tidying

    made(org)
    made(org, name="Andet")
    webhook_sending.enqueue(at=timezone.now())
    WebhookDelivery.objects.update(next_attempt=None, created=timezone.now() - dt.timedelta(days=31))
    tidying.tidy(at=timezone.now())
    assert not WebhookDelivery.objects.exists()
