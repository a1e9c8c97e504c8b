"""The default recipient: the mark is moved, and never there twice."""

from functools import partial

import pytest

from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from organisations.callers import Caller
from systems.default_recipient import make_default
from systems.models import System
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system
from tests.systems.at_once import at_once, real_database
from tests.systems.logged import changed, tags

CALLER = Caller.command("test")


@pytest.mark.django_db
def test_the_first_one():
    one = system()
    assert make_default(caller=CALLER, system=one, version=1) == []
    now = reread(one)
    assert (now.is_default_recipient, now.version) == (True, 2)
    assert changed(one.organisation, "DEFAULT_RECIPIENT_CHANGED") == {"is_default_recipient": (False, True)}


@pytest.mark.django_db
def test_the_mark_moves_and_both_systems_tell_of_it():
    org = organisation()
    old, new = system(organisation=org, is_default_recipient=True), system(organisation=org)
    other = system(is_default_recipient=True)
    make_default(caller=CALLER, system=new, version=1)
    assert [reread(one).is_default_recipient for one in (old, new, other)] == [False, True, True]
    assert [reread(one).version for one in (old, new, other)] == [2, 2, 1]
    assert tags(org) == ["DEFAULT_RECIPIENT_CHANGED", "DEFAULT_RECIPIENT_CHANGED"]


@pytest.mark.django_db
def test_again_is_no_change():
    one = system(is_default_recipient=True)
    assert make_default(caller=CALLER, system=one, version=1) == []
    assert (reread(one).version, tags(one.organisation)) == (1, [])


@pytest.mark.django_db
def test_a_sender_cannot_be_it():
    one = system(is_sender=True, is_recipient=False)
    refused = make_default(caller=CALLER, system=one, version=1)
    assert [found.code for found in refused] == ["system.default_must_receive"]
    assert tags(one.organisation) == []


@pytest.mark.django_db
def test_stale_and_deleted():
    one = system()
    System.objects.filter(pk=one.pk).update(version=2)
    with pytest.raises(StaleVersion) as stale:
        make_default(caller=CALLER, system=one, version=1)
    assert stale.value.current.version == 2
    System.objects.filter(pk=one.pk).delete()
    with pytest.raises(StaleVersion) as gone:
        make_default(caller=CALLER, system=one, version=1)
    assert gone.value.current is None


@pytest.mark.django_db(transaction=True)
def test_many_who_move_the_mark_at_once_leave_it_in_one_place(tmp_path):
    org = organisation()
    systems = [system(organisation=org) for _ in range(5)]

    def move(one: System) -> list[Finding]:
        return make_default(caller=CALLER, system=one, version=1)

    def outcome() -> tuple[int, int]:
        marked = System.objects.filter(organisation=org, is_default_recipient=True).count()
        return marked, tags(org).count("DEFAULT_RECIPIENT_CHANGED")

    with real_database(tmp_path):
        assert at_once(*(partial(move, one) for one in systems)) == [[]] * 5
        # The first only puts the mark on, the four others take it off and put it on.
        assert at_once(outcome) == [(1, 9)]
