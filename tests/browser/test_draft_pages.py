"""Pages about a draft in states in which nobody finds them at first: conflicts, a tree, many changes, a plan."""

import datetime as dt

import pytest
from django.utils import timezone

from contacts import uploaded_files
from contacts.drafts import lifecycle, publishing
from contacts.models import Draft
from tests.browser.conftest import WIDTHS
from tests.contacts.drafting import add_group, begin, change_live, edit
from tests.contacts.people import authority, url
from tests.factories import contacts
from tests.factories.contacts import CALLER
from tests.factories.organisations import Role, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsvertretungsangelegenheiten"
MANY = "gruppe;navn;målgrupper\r\n" + "".join(f"Borger;Punkt {number};borger\r\n" for number in range(60))


def pages(org, person):
    """The addresses of the pages, by what is to be seen there."""
    top = contacts.group(LONG, organisation=org)
    point = contacts.point("Pas", groups=(contacts.group("Under", parent=top),), system=org.systems.get())
    draft = begin(org, "Med konflikter")
    edit(draft, point.pk, name=LONG, description="Min\ntekst")
    add_group(draft, "Ny gruppe", top.pk)
    change_live(point, name="Deres", description=LONG)
    lifecycle.comment(caller=CALLER.become(person), draft=draft, text=LONG, approves=False, version=0)
    planned = contacts.draft(organisation=org, name="Planlagt")
    later = timezone.now() + dt.timedelta(days=1)
    publishing.plan(caller=CALLER, draft=planned, at=later, version=Draft.objects.get(pk=planned.pk).version)
    publication = contacts.publication(organisation=org, name=LONG)
    uploaded = uploaded_files.begin(organisation=org, user=person, content=MANY.encode(), filename="mange.csv")
    return [
        url(org, "draft_conflicts", draft.pk),
        url(org, "draft_changes", draft.pk, vis="trae"),
        url(org, "draft_publish", draft.pk),
        url(org, "draft_comments", draft.pk),
        url(org, "draft_publish", planned.pk),
        url(org, "draft_unplan", planned.pk),
        url(org, "publication", publication.pk, vis="struktur"),
        url(org, "publication", publication.pk, vis="trae"),
        url(org, "structure_import_review", uploaded.pk),
        url(org, "structure_import_review", uploaded.pk, kladde=draft.pk),
    ]


@pytest.mark.parametrize("language", ["da", "en"])
def test_they_can_be_read_by_everybody_and_fit(language, new_context, axe, no_sideways_scrolling, shot):
    org = authority()
    person = user_with(Role.CONTACT_ADMINISTRATOR, organisation=org)
    page = new_context(person, language=language).new_page()
    for number, address in enumerate(pages(org, person)):
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            shot(page, f"draft-pages-{number}-{language}-{width}")
            axe(page)
            no_sideways_scrolling(page)
