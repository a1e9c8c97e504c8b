"""Take away the second factor of somebody who lost both telephone and recovery codes, after seeing who they are."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from organisations import recovering
from organisations.callers import Caller
from organisations.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--reason", required=True, help="why, and how the person was recognised; kept in the log")

    def handle(self, *args: Any, **options: Any) -> None:
        email = User.objects.normalize(options["email"])
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(_("Nobody has the address %(email)s.") % {"email": email}, returncode=2)
        caller = Caller.command("reset_second_factor")
        if not recovering.reset_second_factor(caller=caller, user=user, reason=options["reason"]):
            raise CommandError(_("The person has no second factor."), returncode=1)
        self.stdout.write(_("The second factor is gone, and every session ended. The person was told by mail."))
