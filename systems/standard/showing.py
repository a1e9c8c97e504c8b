"""A standard system as its page shows it."""

from functools import cached_property

from django.utils.safestring import SafeString

from organisations.models import Organisation
from systems.models import SystemTemplate, TemplateEdition, TemplateUse
from systems.standard import publishing, values
from systems.standard.listing import state_badge
from systems.standard.values import Line


class TemplatePage:
    """What one reader sees of a standard system: its vendor the working copy, others the newest edition.

    `operates` shows it to whoever runs the installation, who may do what the vendor may.
    """

    def __init__(
        self,
        template: SystemTemplate,
        *,
        reader: Organisation | None,
        may_change: bool,
        cvr: str = "",
        operates: bool = False,
    ) -> None:
        self.template, self.cvr, self.operates = template, cvr, operates
        self.is_own = operates or (reader is not None and reader.pk == template.organisation_id)
        self.reader = reader
        self.may_change = may_change

    @property
    def badge(self) -> SafeString:
        """Where it stands, in a coloured box."""
        return state_badge(self.template)

    @cached_property
    def editions(self) -> list[TemplateEdition]:
        """What has been published, the newest first."""
        return list(self.template.editions.all())

    @property
    def newest(self) -> TemplateEdition | None:
        """What is on offer."""
        return self.editions[0] if self.editions else None

    @property
    def lines(self) -> list[Line]:
        """What the standard system says, field by field."""
        shown = self.template if self.is_own or self.newest is None else self.newest
        return values.lines(shown.values, shown.to_fill)

    @property
    def is_ahead(self) -> bool:
        """Whether the working copy says something that is not published yet."""
        newest, template = self.newest, self.template
        return newest is None or (newest.values, newest.to_fill) != (template.values, template.to_fill)

    @property
    def may_edit(self) -> bool:
        """Whether the reader may write it."""
        return self.may_change and self.is_own and self.template.retired is None

    @property
    def may_publish(self) -> bool:
        """Whether there is something to publish."""
        return self.may_edit and self.is_ahead

    @property
    def may_use(self) -> bool:
        """Whether the reader may make a system from it."""
        return self.may_change and not self.operates and self.template.is_on_offer

    @cached_property
    def uses(self) -> list[TemplateUse]:
        """The systems made from it that the reader may know of: all of them for its vendor, else one's own."""
        found = publishing.users_of(self.template)
        own = self.reader.pk if self.reader else None
        return found if self.is_own else [use for use in found if use.system.organisation_id == own]

    @property
    def authorities(self) -> list[tuple[str, int]]:
        """Which authorities use it, each with how many systems."""
        names = [use.system.organisation.name for use in self.uses]
        return [(name, names.count(name)) for name in dict.fromkeys(names)]
