"""`manage.py rotate_keys`: encrypt every kept secret and file anew with the first of `ADGANG_FIELD_KEYS`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from adgang.lib.commands import finish
from adgang.lib.key_rotation import rotate


class Command(BaseCommand):
    """Exit code 0 when the other keys can be taken out of the setting, 1 when something needs one that is not there."""

    help = "Encrypt kept secrets and files anew with the first of ADGANG_FIELD_KEYS; afterwards the others can go."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, and name what no key opens."""
        done = rotate()
        counts = {"changed": done.changed, "already": done.already}
        self.stdout.write(_("%(changed)s encrypted anew, %(already)s were already.") % counts)
        for name in done.unreadable:
            self.stderr.write(_("No key opens %(name)s.") % {"name": name})
        finish(accepted=not done.unreadable)
