"""Walk the chains of the event log; exit 1 and name the first broken entry of each if one was tampered with."""

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.cvr import digits
from organisations import checkpoints
from organisations.checkpoints import Checkpoint, UnreadableCheckpoint
from organisations.events import OPERATOR_CHAIN
from organisations.models import Organisation
from organisations.verifying import Broken, chains, fault_text, verify


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cvr", nargs="?", type=digits, metavar="CVR", help="only this organisation's chain")
        parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="compare with this signed checkpoint")

    def handle(self, *args: Any, **options: Any) -> None:
        checkpoint = _checkpoint(options["checkpoint"])
        walked = [verify(chain, checkpoint=checkpoint) for chain in _chosen(options["cvr"], checkpoint)]
        broken = [walk.broken for walk in walked if walk.broken]
        for one in broken:
            self.stdout.write(_line(one))
        if broken:
            raise CommandError(_("The event log was tampered with."), returncode=1)
        entries = sum(walk.entries for walk in walked)
        text = ngettext(
            "The event log is untouched: %(entries)s entry in %(chains)s chains.",
            "The event log is untouched: %(entries)s entries in %(chains)s chains.",
            entries,
        )
        self.stdout.write(text % {"entries": entries, "chains": len(walked)})


def _checkpoint(path: Path | None) -> Checkpoint | None:
    if path is None:
        return None
    try:
        return checkpoints.read(path)
    except OSError as error:
        raise CommandError(str(error), returncode=2) from error
    except UnreadableCheckpoint as error:
        raise CommandError(f"{path}: {error}", returncode=1) from error


def _chosen(cvr: str | None, checkpoint: Checkpoint | None) -> list[uuid.UUID]:
    if cvr is None:
        return sorted({*chains(), *(checkpoint.chains() if checkpoint else ())})
    found = Organisation.objects.filter(cvr_number=cvr).first()
    if found is None:
        raise CommandError(_("There is no organisation with CVR %(cvr)s.") % {"cvr": cvr}, returncode=2)
    return [found.pk]


def _line(broken: Broken) -> str:
    if broken.organisation_id == OPERATOR_CHAIN:
        owner = _("the installation")
    else:
        found = Organisation.objects.filter(pk=broken.organisation_id).first()
        owner = f"{found.name} ({found.cvr_number})" if found else str(broken.organisation_id)
    return _("%(owner)s: entry %(seq)s (%(id)s): %(fault)s") % {
        "owner": owner,
        "seq": broken.seq,
        "id": broken.event_id or "–",
        "fault": fault_text(broken.fault),
    }
