"""What the commands of the room share."""

import argparse

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import gettext as _

from adgang.lib.commands import UNUSABLE
from contacts.models import Draft
from contacts.models.draft import MAX_NAME
from contacts.texts import one_line
from organisations.models import Organisation


def organisation_of(cvr: str) -> Organisation:
    """Return the organisation with a CVR number typed with or without spaces. Raises CommandError (exit code 2)."""
    found = Organisation.objects.filter(cvr_number="".join(cvr.split())).first()
    if found is None:
        raise CommandError(
            _("There is no organisation with the CVR number %(cvr)s.") % {"cvr": cvr}, returncode=UNUSABLE
        )
    return found


def add_draft(parser: CommandParser) -> None:
    """Let a command put what it would do into a new draft."""
    parser.add_argument(
        "--draft", metavar="NAME", type=_draft_name, help="put it into a new draft of this name instead"
    )


def _draft_name(text: str) -> str:
    name = one_line(text)
    if not name or len(name) > MAX_NAME:
        raise argparse.ArgumentTypeError(_("the name has 1 to %(longest)s characters") % {"longest": MAX_NAME})
    return name


def of_draft(draft: Draft) -> str:
    """Return what is said of a draft that was made: its name, and where it can be looked through."""
    path = reverse("draft_changes", args=[draft.organisation.cvr_number, draft.pk])
    words = {"name": draft.name, "url": f"{settings.ADGANG_BASE_URL}{path}"}
    return _("It is put into the draft %(name)s: %(url)s") % words
