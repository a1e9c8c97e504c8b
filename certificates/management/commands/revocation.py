"""Fetch the revocation lists of the installed authorities, show their age, or say where an authority publishes."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.commands import REFUSED
from adgang.lib.dates import moment
from adgang.lib.findings import Finding
from certificates.models import RevocationList, TrustAnchor
from certificates.revocation.addresses import set_addresses
from certificates.revocation.fetching import fetch_now, overdue
from organisations.callers import Caller


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="act", required=True, parser_class=argparse.ArgumentParser)
        commands.add_parser("fetch", help="Fetch every list now.")
        commands.add_parser("list", help="Show the stored lists.")
        addresses = commands.add_parser("addresses", help="Say where an authority that is not a known one publishes.")
        addresses.add_argument("sha256", metavar="SHA256", help="the authority's fingerprint")
        addresses.add_argument("--crl", metavar="ADDRESS", default="")
        addresses.add_argument("--ocsp", metavar="ADDRESS", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        match options["act"]:
            case "addresses":
                self.locate(options["sha256"], crl=options["crl"], ocsp=options["ocsp"])
            case "fetch":
                fetch_now(at=at)
                self.show()
                if overdue(at=at):
                    raise CommandError(_("Not every list could be fetched."), returncode=REFUSED)
            case _:
                self.show()

    def locate(self, sha256: str, *, crl: str, ocsp: str) -> None:
        anchor = TrustAnchor.objects.filter(sha256=sha256.replace(":", "").lower()).first()
        if anchor is None:
            raise CommandError(_("No such authority is installed."), returncode=REFUSED)
        if anchor.pinned:
            raise CommandError(_("The addresses of the known authorities are fixed."), returncode=REFUSED)
        set_addresses(caller=Caller.command("revocation addresses"), anchor=anchor, crl=crl, ocsp=ocsp)

    def show(self) -> None:
        for row in RevocationList.objects.defer("entries").select_related("anchor"):
            self.stdout.write(f"{row.anchor.get_environment_display()}  {row.anchor.subject}")
            if row.this_update:
                self.stdout.write(
                    _("    no. %(number)s of %(time)s, good until %(end)s; revoked: %(count)s")
                    % {
                        "number": row.number or "–",
                        "time": moment(row.this_update),
                        "end": moment(row.next_update),
                        "count": row.count,
                    }
                )
            if row.failure:
                self.stdout.write(f"    {Finding.from_json(row.failure).message}")
