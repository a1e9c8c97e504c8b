"""Delete the oldest entries of the event log behind a signed stump; a chain that is not whole is left as it is."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.cvr import digits
from organisations import event_pruning
from organisations.callers import Caller
from organisations.event_filters import start_of
from organisations.models import Organisation
from organisations.verifying import chains, fault_text


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cvr", nargs="?", type=digits, metavar="CVR", help="only this organisation's chain")
        when = parser.add_mutually_exclusive_group()
        when.add_argument("--before", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="delete what is older")
        when.add_argument("--keep-days", type=int, metavar="N", help="instead of ADGANG_KEEP_EVENTS_DAYS")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        before, caller = _before(options), Caller.command("prune_events")
        total = 0
        for chain in _chosen(options["cvr"]):
            if options["dry_run"]:
                total += event_pruning.count(chain, before=before)
                continue
            try:
                total += event_pruning.prune(caller=caller, organisation_id=chain, before=before)
            except event_pruning.TamperedWith as found:
                values = {"seq": found.broken.seq, "fault": fault_text(found.broken.fault)}
                text = _("Entry %(seq)s: %(fault)s. The chain is left as it is; see verify_events.") % values
                raise CommandError(text, returncode=1) from found
        if options["dry_run"]:
            text = ngettext("%(count)s entry would be deleted.", "%(count)s entries would be deleted.", total)
        else:
            text = ngettext("%(count)s entry was deleted.", "%(count)s entries were deleted.", total)
        self.stdout.write(text % {"count": total})


def _before(options: dict[str, Any]) -> dt.datetime:
    if options["before"]:
        return start_of(options["before"])
    days = settings.ADGANG_KEEP_EVENTS_DAYS if options["keep_days"] is None else options["keep_days"]
    if days < 1:
        text = _("Say what is to be deleted: --before, --keep-days or ADGANG_KEEP_EVENTS_DAYS.")
        raise CommandError(text, returncode=2)
    return timezone.now() - dt.timedelta(days=days)


def _chosen(cvr: str | None) -> list[Any]:
    if cvr is None:
        return list(chains())
    found = Organisation.objects.filter(cvr_number=cvr).first()
    if found is None:
        raise CommandError(_("There is no organisation with CVR %(cvr)s.") % {"cvr": cvr}, returncode=2)
    return [found.pk]
