"""What the commands of the room share."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from adgang.lib.commands import UNUSABLE
from organisations.models import Organisation


def organisation_of(cvr: str) -> Organisation:
    """Return the organisation with a CVR number typed with or without spaces. Raises CommandError (exit code 2)."""
    found = Organisation.objects.filter(cvr_number="".join(cvr.split())).first()
    if found is None:
        raise CommandError(
            _("There is no organisation with the CVR number %(cvr)s.") % {"cvr": cvr}, returncode=UNUSABLE
        )
    return found
