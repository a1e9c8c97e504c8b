"""The message with which a connection check tries a delivery."""

import datetime as dt
import io
import uuid

import pytest

from adgang.lib import slots
from memo.checking import check_message
from memo.skeletons import NOBODY
from tests.factories import organisations

AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_it_is_in_order_and_for_nobody() -> None:
    (make,) = slots.fillings("test_message")
    id_ = uuid.uuid4()
    content = make(organisations.organisation(name="Prøve & Co"), id_, AT)
    report = check_message(io.BytesIO(content), at=AT)
    header = report.message.message_header
    assert report.valid
    # The CVR numbers of tests are invented, which is remarked.
    assert {found.code for found in report.findings if found.severity != "info"} <= {"memo.id.cvr_check"}
    assert (header.message_uuid, header.recipient.recipient_id, header.label) == (
        id_,
        NOBODY,
        "Testbesked fra Adgang – må slettes",
    )
