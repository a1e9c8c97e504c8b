"""Load the list of a classification: every code with its name, from CSV or Excel; docs/code-lists.md describes it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from adgang.lib.commands import REFUSED, read_files, show_finding
from contacts import code_files, code_lists
from contacts.code_files import MAX_BYTES
from contacts.models import CodeType
from organisations.callers import Caller


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("type", choices=list(code_lists.TYPES), metavar="KLE|FORM")
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        ((path, content),) = read_files([options["file"]], limit=MAX_BYTES)
        type_ = CodeType(options["type"])
        try:
            entries = code_files.read(content, type_)
        except code_files.Refused as refused:
            for found in refused.findings:
                show_finding(self.stderr, str(path), found)
            raise CommandError(_("Nothing was loaded."), returncode=REFUSED) from None
        done = code_lists.load(caller=Caller.command("load_codes"), type_=type_, entries=entries)
        self.stdout.write(
            _("%(type)s: %(created)s new, %(changed)s changed, %(unchanged)s unchanged, %(left_out)s obsolete.")
            % {"type": type_.value, **vars(done)}
        )
