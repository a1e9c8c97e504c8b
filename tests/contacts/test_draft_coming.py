"""Contact points that exist only in drafts."""

import pytest

from contacts.drafts import lifecycle, publishing
from contacts.drafts.coming import points_to_come
from contacts.models import Draft
from tests.contacts.drafting import add_group, add_point, begin, edit
from tests.contacts.people import authority
from tests.factories import contacts
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db


def test_only_what_is_new_in_a_draft_that_may_still_be_published(django_assert_num_queries):
    org = authority()
    there = contacts.point("Findes", organisation=org)
    draft, other, given_up = begin(org, "Først"), begin(org, "Siden"), begin(org, "Opgivet")
    edit(draft, there.pk, name="Omdøbt")
    add_group(draft, "Gruppe")
    first, second = add_point(draft, "Nyt"), add_point(other, "Andet")
    add_point(given_up, "Aldrig")
    lifecycle.discard(caller=CALLER, draft=given_up, version=Draft.objects.get(pk=given_up.pk).version)
    add_point(begin(authority()), "Fremmed")
    with django_assert_num_queries(1):
        found = points_to_come(org)
    assert [(one.id, one.name, one.draft) for one in found] == [(second, "Andet", "Siden"), (first, "Nyt", "Først")]
    publishing.publish(caller=CALLER, draft=draft)
    assert [one.name for one in points_to_come(org)] == ["Andet"]
