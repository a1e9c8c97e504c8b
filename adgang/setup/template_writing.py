"""Writing the standard systems that a set-up file asks for; the rules have been asked, the lock is held."""

import datetime as dt

from adgang.lib.registered import save_version
from adgang.setup.wanted_templates import Templates, WantedTemplate
from organisations.event_tags import Tag
from organisations.events import Entry
from systems.models import SystemTemplate, TemplateEdition
from systems.standard.publishing import told


def write(templates: Templates, *, at: dt.datetime, reason: str) -> list[Entry]:
    """Write everything that differs and return its events; what is gone is deleted."""
    differing = [one for one in templates.wanted if one.is_changed or one.editions]
    # Names are free before another one takes them.
    for one in differing:
        if one.old and one.old.name != one.new.name:
            SystemTemplate.objects.filter(pk=one.new.pk).update(name=str(one.new.pk))
    entries = []
    for gone in templates.gone:
        entries.append(Entry(tag=Tag.TEMPLATE_DELETED, obj=gone, before=told(gone), reason=reason))
        SystemTemplate.objects.filter(pk=gone.pk).delete()
    return [*entries, *(entry for one in differing for entry in _write(one, at, reason))]


def _write(one: WantedTemplate, at: dt.datetime, reason: str) -> list[Entry]:
    before = told(one.old) if one.old else {}
    if one.old is None:
        one.new.save(force_insert=True)
    else:
        save_version(one.new, version=one.old.version)
    for edition in one.editions:
        TemplateEdition.objects.create(
            template=one.new,
            number=edition.number,
            values=dict(edition.values),
            to_fill=edition.to_fill,
            note=edition.note,
            published=edition.published or at,
        )
    return [
        Entry(tag=tag, obj=one.new, before=before, after=told(one.new), reason=why) for tag, why in _acts(one, reason)
    ]


def _acts(one: WantedTemplate, reason: str) -> list[tuple[Tag, str]]:
    made = [(Tag.TEMPLATE_CREATED if one.old is None else Tag.TEMPLATE_CHANGED, reason)] if one.is_changed else []
    published = [(Tag.TEMPLATE_PUBLISHED, edition.note or reason) for edition in one.editions]
    is_retired = one.new.retired is not None and (one.old is None or one.old.retired is None)
    return [*made, *published, *([(Tag.TEMPLATE_RETIRED, reason)] if is_retired else [])]
