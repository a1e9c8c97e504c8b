"""Examples that a newcomer tries the check with: each is what it says, can be taken along, and leaves nothing."""

import base64

import pytest
from django.test import Client
from django.utils import timezone

from memo.examples import EXAMPLES
from memo.models import Evidence
from organisations.models import Blob, Event
from tests.contacts.people import authority
from tests.factories.messages import codes
from tests.memo.people import owner, url
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

ALL = pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.key)
FOUND = {
    "brev": [],
    "brev-1.2": [],
    "nemsms": [],
    "raekkefoelge": ["memo.element.order"],
    "tidspunkt": ["memo.value.time_zone"],
    "base64": ["memo.content.letter"],
    "filnavn": ["memo.filename.letters"],
    "type": ["memo.filename.extension"],
    "afkortet": ["memo.xml.truncated"],
}


@pytest.mark.parametrize("example", [one for one in EXAMPLES if not one.many], ids=lambda one: one.key)
def test_each_is_what_it_says(example):
    assert codes(example.content(None, at=timezone.now()), at=timezone.now()) == FOUND[example.key]


@ALL
def test_it_is_tried_with_one_click_and_can_be_downloaded(example):
    org = authority()
    client, page = owner(org), url(org, "memo_check", eksempel=example.key)
    before = Event.objects.count()
    for asked in (client.get(page), Client().get("/tjek/memo/", {"eksempel": example.key})):
        checked = asked.context["checked"]
        assert checked.is_right is example.right
        content = base64.b64decode(checked.file.partition(",")[2])
        assert f'download="{example.filename}"' in asked.content.decode()
        assert content[:5] == (b"]\0\0\0\x01" if example.many else b"<?xml")
        assert "Gem resultatet" not in text(asked)
    assert (Event.objects.count(), Blob.objects.count(), Evidence.objects.count()) == (before, 0, 0)


def test_the_container_shows_its_two_faults():
    asked = Client().get("/tjek/memo/", {"eksempel": "beholder"})
    checked = asked.context["checked"]
    assert (checked.count, checked.right) == (4, 2)


def test_an_unknown_example_is_the_plain_page():
    asked = Client().get("/tjek/memo/", {"eksempel": "findes-ikke"})
    assert (asked.status_code, asked.context["checked"]) == (200, None)


def test_where_the_open_check_is_closed_so_are_its_examples(settings):
    settings.ADGANG_PUBLIC_CHECKS = False
    assert Client().get("/tjek/memo/", {"eksempel": "brev"}).status_code == 404
