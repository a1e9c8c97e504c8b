"""The command for a lost second factor."""

import pytest
from django.core.management import CommandError, call_command

from tests.factories.organisations import user

pytestmark = pytest.mark.django_db


def test_who_has_none_and_who_is_not_there_are_told_apart() -> None:
    with pytest.raises(CommandError) as none:
        call_command("reset_second_factor", user().email, reason="x")
    with pytest.raises(CommandError) as nobody:
        call_command("reset_second_factor", "ingen@example.org", reason="x")
    assert (none.value.returncode, nobody.value.returncode) == (1, 2)


def test_a_reason_is_needed() -> None:
    with pytest.raises(CommandError):
        call_command("reset_second_factor", user().email)
