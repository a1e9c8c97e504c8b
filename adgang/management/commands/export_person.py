"""Write everything about one person to a file, for somebody who cannot log in to ask for it; logged with the reason."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.about_person import exporting
from organisations.callers import Caller
from organisations.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--reason", required=True, help="why, and how it is known who asks; stands in the log")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=User.objects.normalize(options["email"])).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.", returncode=2)
        if not options["reason"].strip():
            raise CommandError("Give a reason.", returncode=2)
        try:
            target = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error
        content = exporting.export(caller=Caller.command("export_person"), user=user, reason=options["reason"].strip())
        with os.fdopen(target, "wb") as file:
            file.write(content)
        self.stdout.write(f"{options['file']}: {len(content)} bytes. It tells of one person: hand it to nobody else.")
