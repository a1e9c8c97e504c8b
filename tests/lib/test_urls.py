"""The URLs of many objects at once."""

import uuid

from django.urls import reverse

from adgang.lib.urls import leading_to


def test_leads_where_reverse_does():
    page_of = leading_to("system", "12345678")
    for id_ in (uuid.uuid4(), uuid.uuid4()):
        assert page_of(id_) == reverse("system", args=["12345678", id_])


def test_the_id_may_stand_in_the_middle():
    id_ = uuid.uuid4()
    assert leading_to("system_edit", "12345678")(id_) == reverse("system_edit", args=["12345678", id_])
