"""The five states: in Python and in the database they are the same."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from systems.models import Protocol, System
from systems.states import IN_SERVICE, State, state_between
from tests.factories.organisations import organisation
from tests.factories.systems import system

AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("begin", "end", "state"),
    [
        (None, None, State.DRAFT),
        (AT + HOUR, None, State.PLANNED),
        (AT + HOUR, AT + 2 * HOUR, State.PLANNED),
        (AT, None, State.ACTIVE),
        (AT - HOUR, None, State.ACTIVE),
        (AT - HOUR, AT + HOUR, State.EXPIRING),
        (AT - HOUR, AT, State.DEACTIVATED),
        (AT - 2 * HOUR, AT - HOUR, State.DEACTIVATED),
    ],
)
def test_the_states_follow_from_the_dates(begin, end, state):
    assert state_between(begin, end, AT) is state


hours = st.integers(-3, 3)


class InTheDatabase(TestCase):
    """Property: a query for a state finds a system exactly when Python says so."""

    @settings(max_examples=60)
    @given(begin=st.none() | hours, lasts=st.none() | st.integers(1, 4))
    def test_a_query_agrees(self, begin, lasts):
        active_from = None if begin is None else AT + begin * HOUR
        active_to = None if active_from is None or lasts is None else active_from + lasts * HOUR
        one = system(organisation=organisation(), active_from=active_from, active_to=active_to)
        own = System.objects.filter(pk=one.pk)
        state = state_between(active_from, active_to, AT)
        assert [wanted for wanted in State if own.in_state(wanted, AT).exists()] == [state]
        assert own.in_service(AT).exists() == (state in IN_SERVICE)


def test_protocols_on_the_wire():
    assert [protocol.value for protocol in Protocol] == [
        "SMTP",
        "SFTP",
        "REST_PUSH",
        "REST_PULL",
        "REST_PUBLISH_SUBSCRIBE",
        "AS4",
    ]
