"""Judge certificates in files, against the installed authorities. No network; nothing is kept."""

import datetime as dt
import re
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.commands import UNUSABLE, finish, read_files, show_finding, write_json
from adgang.lib.dates import moment
from certificates.anchors import Anchors, installed_anchors
from certificates.finding_texts import word
from certificates.judging import judge
from certificates.kinds import ANY_KIND, Environment, Kind
from certificates.reading import read_certificate
from certificates.revocation.answers import RevocationLists, answered
from certificates.verdicts import Verdict


def cvr_number(text: str) -> str:
    """Return the eight digits of a CVR number typed with or without spaces. Raises ArgumentTypeError."""
    digits = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{8}", digits):
        raise ArgumentTypeError("a CVR number has 8 digits")
    return digits


def point_in_time(text: str) -> dt.datetime:
    """Return an ISO 8601 time; without an offset it is Danish time. Raises ArgumentTypeError."""
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("write the time as 2026-11-23T14:05Z (ISO 8601)") from None
    return time if time.tzinfo else timezone.make_aware(time)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--environment", choices=Environment.values, default=settings.ADGANG_ENVIRONMENT)
        parser.add_argument("--cvr", type=cvr_number, help="whose the certificate must be")
        parser.add_argument("--kind", choices=Kind.values, help="which kind it must be")
        parser.add_argument("--at", type=point_in_time, metavar="ISO8601", help="judge as of this time (now)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchors, lists = installed_anchors(), RevocationLists()
        except DatabaseError as error:
            raise CommandError(f"{error}: run manage.py migrate first", returncode=UNUSABLE) from None
        judged = [
            (path, self.judge(content, options, anchors, lists)) for path, content in read_files(options["files"])
        ]
        if options["json"]:
            write_json(self.stdout, [verdict.as_json() for _path, verdict in judged])
        else:
            for path, verdict in judged:
                self.show(str(path), verdict)
        finish(accepted=all(verdict.accepted for _path, verdict in judged))

    def judge(self, content: bytes, options: dict[str, Any], anchors: Anchors, lists: RevocationLists) -> Verdict:
        """Judge one file; of revocation, only what the stored lists say."""
        reading, at = read_certificate(content), options["at"] or timezone.now()
        verdict = judge(
            reading,
            at=at,
            environment=Environment(options["environment"]),
            anchors=anchors,
            cvr=options["cvr"],
            kinds=frozenset({Kind(options["kind"])}) if options["kind"] else ANY_KIND,
        )
        if reading.certificate is None:
            return verdict
        return answered(verdict, lists.answer(reading.certificate, anchors, at=at))

    def show(self, name: str, verdict: Verdict) -> None:
        outcome = _("accepted") if verdict.accepted else _("refused")
        self.stdout.write(f"{name}: {outcome}")
        if verdict.sha256:
            self.stdout.write(f"  {word(verdict.kind)}, {verdict.generation or '–'}, {word(verdict.environment)}")
            self.stdout.write(f"  CVR {verdict.cvr or '–'}, {verdict.subject}")
            self.stdout.write(f"  {moment(verdict.not_before)} – {moment(verdict.not_after)}")
        for found in verdict.findings:
            show_finding(self.stdout, name, found)
