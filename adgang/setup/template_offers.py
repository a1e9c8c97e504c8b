"""The standard systems that a system of a set-up file can be made from: the file's own, and what others published."""

from functools import cached_property

from adgang.setup.carrying import Rules
from adgang.setup.wanted_templates import Templates
from contacts.texts import folded
from organisations.models import Organisation
from systems.models import SystemTemplate


class Offers:
    """Finds a standard system by its owner's CVR number and its name; asks the database when it is asked first.

    `own` are those of the organisation as they are to be (None: as they stand). In a carried file the number of the
    organisation that it comes from (`source`) means the one that it is carried to.
    """

    def __init__(self, organisation: Organisation, own: Templates | None, *, source: str, rules: Rules) -> None:
        self.organisation, self.own, self.rules = organisation, own, rules
        self.source = source

    def find(self, cvr: str, name: str) -> SystemTemplate | None:
        """Return the standard system; None when it is not offered here."""
        if self.rules.is_given and cvr == self.source:
            cvr = self.organisation.cvr_number
        return self.known.get((cvr, folded(name)))

    @cached_property
    def known(self) -> dict[tuple[str, str], SystemTemplate]:
        """All that can be named, by CVR number and name."""
        rows = SystemTemplate.objects.readable_for(self.organisation.pk).select_related("organisation")
        listed = [one for one in rows if self.own is None or one.organisation_id != self.organisation.pk]
        listed += self.own.after if self.own else []
        return {(one.organisation.cvr_number, folded(one.name)): one for one in listed}
