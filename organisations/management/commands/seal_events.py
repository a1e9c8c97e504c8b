"""`manage.py seal_events`: after a change of ADGANG_EVENT_KEY, let the key before count for what stands now alone."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from adgang.lib.commands import finish
from organisations.callers import Caller
from organisations.event_sealing import seal_all


class Command(BaseCommand):
    """Exit code 0 when the key before can move to ADGANG_EVENT_OLD_KEYS, 1 when a chain is not whole."""

    help = "Seal every chain of the event log with the first of ADGANG_EVENT_KEY, once every process writes with it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and name the chains that are not whole."""
        done = seal_all(Caller.command("seal_events"))
        self.stdout.write(_("%(chains)s chains sealed.") % {"chains": done.chains})
        for name in done.broken:
            self.stderr.write(_("Not whole, and not sealed: %(name)s.") % {"name": name})
        finish(accepted=not done.broken)
