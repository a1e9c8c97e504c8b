"""Make a person the system manager of this installation: the first account, from which the rest follows."""

from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from organisations import passwords, privileges
from organisations.callers import Caller
from organisations.mail import queue_mail
from organisations.models import User


def email_address(text: str) -> str:
    """Return an e-mail address. Raises ArgumentTypeError for what is none."""
    try:
        validate_email(text)
    except ValidationError:
        raise ArgumentTypeError(f"{text!r} is not an e-mail address") from None
    return text


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", type=email_address, metavar="EMAIL")
        parser.add_argument("--name", default="", help="the person's name")
        parser.add_argument("--mail", action="store_true", help="mail the link instead of printing it")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            user = self._account(options["email"], options["name"])
            is_new = privileges.appoint_system_manager(caller=Caller.command("create_system_manager"), user=user)
        text = _("%(email)s is now system manager.") if is_new else _("%(email)s is system manager already.")
        self.stdout.write(text % {"email": user.email})
        if user.has_usable_password():
            return
        if options["mail"]:
            queue_mail(kind="password_first", to=user.email, object_id=user.pk, language=user.language)
            self.stdout.write(_("A link to choose a password is on its way by mail."))
        else:
            self._print_link(user)

    def _account(self, email: str, name: str) -> User:
        kept = User.objects.normalize(email)
        found = User.objects.filter(email=kept).first()
        return found or User.objects.create_user(kept, None, name=name or kept.partition("@")[0])

    def _print_link(self, user: User) -> None:
        token = passwords.new_link(user, lifetime=passwords.FIRST_LINK_LIFETIME)
        days = passwords.FIRST_LINK_LIFETIME.days
        self.stdout.write(_("Open this link to choose a password; it works once, for %(days)s days:") % {"days": days})
        self.stdout.write(settings.ADGANG_BASE_URL + reverse("password_reset_confirm", args=[token]))
