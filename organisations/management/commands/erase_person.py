"""Erase the personal details of somebody who has left, in the account and in the event log, with a tombstone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations import erasing
from organisations.callers import Caller
from organisations.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        email = User.objects.normalize(options["email"])
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(_("Nobody has the address %(email)s.") % {"email": email}, returncode=2)
        try:
            count = erasing.erase(caller=Caller.command("erase_person"), user=user)
        except erasing.StillActive as error:
            text = _("The person has roles. Register them as departed everywhere first.")
            raise CommandError(text, returncode=1) from error
        text = ngettext("%(count)s value was erased.", "%(count)s values were erased.", count)
        self.stdout.write(text % {"count": count})
