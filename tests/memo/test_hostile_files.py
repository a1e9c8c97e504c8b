"""Files that were spoiled by dice, and bombs: each is answered in words, in bounded memory, and nothing is kept."""

import io
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benchmarks.hostile_files import judges, looked_at
from contacts.models import ContactPoint
from memo import received
from memo.containers import Bounds
from memo.messages import MainDocument
from memo.models import LetterType
from memo.previews import Budget
from memo.reports import Limits
from organisations.models import Blob
from tests.contacts.people import authority
from tests.factories import hostile_files
from tests.factories.messages import AT, body, file, message, written
from tests.memo.people import owner, url

pytestmark = pytest.mark.django_db


def errors(checked):
    return [found.code for _name, found in checked.containers]


def test_whatever_comes_is_no_fault_of_ours():
    here = authority()
    judge_one = judges(here)
    kinds = set()
    for one in hostile_files.files(400):
        judge_one[one.kind](one.content)
        kinds.add(one.kind)
    assert kinds == set(hostile_files.KINDS)
    assert (ContactPoint.objects.count(), LetterType.objects.count(), Blob.objects.count()) == (0, 0, 0)


def test_a_container_that_becomes_nothing_but_large_is_not_read_to_its_end():
    assert errors(looked_at(hostile_files.lzma_bomb(300))) == ["memo.container.dense"]


def test_a_container_of_too_many_messages_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(received, "BOUNDS", Bounds(entries=50))
    checked = looked_at(hostile_files.container_of_small(60))
    assert (errors(checked), checked.count) == (["memo.container.many"], 50)


def test_letters_that_resemble_each_other_are_no_bomb():
    assert looked_at(hostile_files.container(200)).is_right


def test_small_files_that_hold_large_pictures_are_drawn_up_to_a_limit():
    large = hostile_files.png(3000, 3000)
    pictures = MainDocument(
        file=tuple(file(f"{number}.png", large, encoding_format="image/png") for number in range(6))
    )
    content = written(message(message_body=body(main_document=pictures)))
    files = [one for section in looked_at(content).messages[0].sections for one in section.files]
    assert [bool(one.picture) for one in files[:6]] == [True, True, False, False, False, False]
    budget = Budget(100)
    assert [budget.take(60), budget.take(60), budget.take(40)] == [True, False, True]


def test_every_bomb_is_answered_by_its_page():
    org = authority()
    client = owner(org)
    for one in hostile_files.bombs():
        if one.kind in ("memo", "container"):
            answer = client.post(url(org, "memo_check"), {"messages": SimpleUploadedFile("brev.xml", one.content)})
            assert answer.status_code == 200


def test_a_thousand_messages_stream():
    """What is held of a container of 1,000 messages is hardly more than of one of 100."""
    few, many = (hostile_files.container(count) for count in (100, 1000))
    assert memory_of(many) - memory_of(few) < 2_000_000


def memory_of(content):
    """Return the most bytes that checking a container takes, its dictionary of 16 MiB among them."""
    tracemalloc.start()
    checked = received.check([("post.tar.lzma", io.BytesIO(content))], at=AT, limits=Limits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert checked.is_right
    return peak
