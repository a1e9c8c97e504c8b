"""The first account of an installation."""

import re
from io import StringIO

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.utils import timezone

from organisations import mail, passwords
from organisations.models import User
from tests.factories.organisations import user

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("create_system_manager", *arguments, stdout=out)
    return out.getvalue()


def holder(text):
    return passwords.holder(re.search(r"ny-adgangskode/([\w-]{43})/", text)[1], at=timezone.now())


def test_the_account_is_made_with_a_link_that_works_once():
    out = run("Drift@Example.org", "--name", "Drift Driftsen")
    person = User.objects.get()
    assert (person.email, person.name, person.has_usable_password()) == ("drift@example.org", "Drift Driftsen", False)
    assert [privilege.type for privilege in person.privileges.all()] == ["SYSTEM_MANAGER"]
    assert out.startswith("drift@example.org er nu systemforvalter.\n")
    assert holder(out) == person


def test_twice_is_safe_and_gives_a_new_link_while_there_is_no_password():
    first, second = run("drift@example.org"), run("drift@example.org")
    assert (holder(first), holder(second)) == (None, User.objects.get())
    assert User.objects.get().privileges.count() == 1
    assert second.startswith("drift@example.org er allerede systemforvalter.\n")


def test_who_has_a_password_gets_no_link():
    user(email="drift@example.org", password="korrekt hest batteri")
    assert run("drift@example.org") == "drift@example.org er nu systemforvalter.\n"


def test_the_link_can_be_mailed():
    assert "ny-adgangskode" not in run("drift@example.org", "--mail")
    mail.send_waiting(at=timezone.now())
    assert holder(outbox.outbox[0].body) == User.objects.get()


def test_what_is_no_address_is_wrong_usage():
    with pytest.raises(CommandError, match="not an e-mail"):
        run("drift")
