"""Work is queued once the transaction has committed; a queue that is down costs a line in the log and no more."""

from unittest import mock

import pytest
from django.db import transaction
from freezegun import freeze_time
from kombu.exceptions import OperationalError

from adgang.lib import queueing

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_queued_before_the_transaction_has_committed():
    with mock.patch.object(queueing, "current_app") as app:
        with transaction.atomic():
            queueing.after_commit("adgang.send_mails", mail_id="1")
            app.send_task.assert_not_called()
        app.send_task.assert_called_once_with("adgang.send_mails", kwargs={"mail_id": "1"}, retry=False)


def test_a_queue_that_is_down_is_logged_and_the_change_stands(caplog):
    with mock.patch.object(queueing, "current_app") as app:
        app.send_task.side_effect = OperationalError("Connection refused")
        queueing.after_commit("adgang.send_mails")
    assert [("Connection refused" in record.message, record.levelname) for record in caplog.records] == [
        (True, "ERROR")
    ]


def test_a_queue_that_is_down_is_waited_for_once(caplog):
    with freeze_time() as clock, mock.patch.object(queueing, "current_app") as app:
        app.send_task.side_effect = OperationalError("Connection refused")
        with transaction.atomic():
            for mail_id in "123":
                queueing.after_commit("adgang.send_mails", mail_id=mail_id)
        assert app.send_task.call_count == 1
        assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
        app.send_task.side_effect = None
        clock.tick(queueing.SILENT_SECONDS + 1)
        for mail_id in "45":
            queueing.after_commit("adgang.send_mails", mail_id=mail_id)
    assert [call.kwargs["kwargs"] for call in app.send_task.call_args_list[1:]] == [{"mail_id": "4"}, {"mail_id": "5"}]
