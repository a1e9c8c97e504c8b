"""Saved answers of the registry become systems; the same answers again change nothing."""

import base64
import datetime as dt
import uuid

import pytest
from django.utils import timezone

from certificates.models import SshKey
from organisations.callers import Caller
from systems.documents import documents_in
from systems.importing import Outcome, import_systems
from systems.models import System
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system

pytestmark = pytest.mark.django_db
CALLER = Caller.command("import_registry")
ID = "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"
WHOLE = {
    "id": ID,
    "version": 7,
    "name": "Post ind",
    "endpoint": "post@a.dk",
    "receiptEndpoint": "kvit@a.dk",
    "activeFrom": "2024-03-01T08:00:00+01:00",
    "technicalContact": {"id": str(uuid.uuid4()), "name": "Drift", "email": "drift@a.dk", "phoneNumber": "12345678"},
    "serviceProtocol": "SMTP",
    "systemTypes": ["SENDER", "RECIPIENT", "RECIPIENT_DEFAULT"],
    "allowedIps": [{"ip": "192.0.2.10", "range": False}, {"ip": "192.0.2.0/28", "range": True}],
    "ocesPublicCertificate": {"certificateSerialNumber": "1234"},
    "apiToken": {"value": "hemmelig", "authenticationToken": "basic aGVtbWVsaWc="},
    "receiptFormat": "DP2",
    "supplier": "Eksempel IT A/S",
    "businessContactEmail": "post@a.dk",
    "delegatedCVR": "12 34 56 79",
}
UNSET = {
    "id": ID,
    "name": "Modtager",
    "endpoint": None,
    "receiptEndpoint": None,
    "activeFrom": "0001-01-01T00:00:00+00:00",
    "activeTo": "0001-01-01T00:00:00+00:00",
    "technicalContact": None,
    "serviceProtocol": "REST_PULL",
    "standardSystemTemplateId": "00000000-0000-0000-0000-000000000000",
    "systemTypes": ["RECIPIENT"],
    "allowedIps": None,
    "receiptFormat": "UNKNOWN",
    "supplier": None,
}


def take(*documents, org=None, **options):
    return import_systems(caller=CALLER, organisation=org or organisation(), documents=documents, **options)


def codes(row) -> list[str]:
    return [found.code for found in row.findings]


def test_a_whole_answer():
    org = organisation()
    made = take(WHOLE, org=org)
    (row,) = made.rows
    one = reread(row.system)
    assert row.outcome is Outcome.CREATED
    assert (one.registry_id, one.name, one.endpoint, one.receipt_endpoint) == (
        uuid.UUID(ID),
        "Post ind",
        "post@a.dk",
        "kvit@a.dk",
    )
    assert (one.is_sender, one.is_recipient, one.is_default_recipient) == (True, True, True)
    assert (one.active_from, one.active_to) == (dt.datetime(2024, 3, 1, 7, tzinfo=dt.UTC), None)
    assert (one.receipt_format, one.delegated_cvr, one.supplier) == ("DP2", "12345679", "Eksempel IT A/S")
    assert (one.technical_contact_name, one.technical_contact_email) == ("Drift", "drift@a.dk")
    assert [allowed.network for allowed in one.allowed_ips.all()] == ["192.0.2.0/28", "192.0.2.10"]
    assert codes(row) == ["system.import_certificate"]
    assert (one.token, made.by_registry_id) == (None, {uuid.UUID(ID): one})
    assert [(entry.tag, entry.obj) for entry in made.entries] == [("SYSTEM_CREATED", one)]
    assert "hemmelig" not in str(made.entries)


def test_again_changes_nothing():
    org = organisation()
    take(WHOLE, org=org)
    again = take(WHOLE, org=org)
    assert [row.outcome for row in again.rows] == [Outcome.UNCHANGED]
    assert (again.entries, System.objects.get().version) == ([], 1)


def test_a_changed_answer_changes_that():
    org = organisation()
    take(WHOLE, org=org)
    made = take(WHOLE | {"endpoint": "ny@a.dk", "systemTypes": ["SENDER", "RECIPIENT"]}, org=org)
    one = System.objects.get()
    assert [row.outcome for row in made.rows] == [Outcome.CHANGED]
    assert (one.endpoint, one.is_default_recipient, one.version) == ("ny@a.dk", False, 2)
    (entry,) = made.entries
    assert (entry.before["endpoint"], entry.after["endpoint"]) == ("post@a.dk", "ny@a.dk")


def test_what_the_client_leaves_unset_has_no_value():
    (row,) = take(UNSET).rows
    one = row.system
    assert (one.endpoint, one.active_from, one.active_to, one.receipt_format) == ("", None, None, "MEMO")
    assert (one.service_protocol, one.supplier, one.technical_contact_name) == ("REST_PULL", "", "")


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-02T00:00:00+14:00"])
def test_the_last_moment_of_a_clock_is_no_end(end):
    (row,) = take(WHOLE | {"activeTo": end}).rows
    assert (row.system.active_from, row.system.active_to) == (dt.datetime(2024, 3, 1, 7, tzinfo=dt.UTC), None)


def test_what_no_database_takes_is_left_out_of_texts():
    contact = WHOLE["technicalContact"] | {"phoneNumber": "12\x00345678"}
    (row,) = take(WHOLE | {"name": "Post\ud800 ind\x00", "technicalContact": contact}).rows
    assert (reread(row.system).name, reread(row.system).technical_contact_phone) == ("Post ind", "12345678")


def test_a_dry_run_leaves_no_trace():
    org = organisation()
    old = system(organisation=org, name="post ind")
    made = take(WHOLE, UNSET | {"id": str(uuid.uuid4())}, org=org, dry_run=True)
    assert [row.outcome for row in made.rows] == [Outcome.CHANGED, Outcome.CREATED]
    assert (made.entries, System.objects.count()) == ([], 1)
    assert (reread(old).registry_id, reread(old).version) == (None, 1)


def test_a_system_set_up_here_beforehand_is_linked():
    org = organisation()
    old = system(organisation=org, name="POST IND", sftp_folder="/ind", supplier="Gammel")
    (row,) = take(WHOLE, org=org).rows
    assert (row.system.pk, row.outcome) == (old.pk, Outcome.CHANGED)
    assert codes(row) == ["system.import_linked", "system.import_certificate"]
    assert (reread(old).registry_id, reread(old).sftp_folder) == (uuid.UUID(ID), "/ind")


def test_the_registry_says_which_is_the_default():
    org = organisation()
    ours = system(organisation=org, is_default_recipient=True)
    made = take(WHOLE, org=org)
    assert not reread(ours).is_default_recipient
    assert [entry.tag for entry in made.entries] == ["DEFAULT_RECIPIENT_CHANGED", "SYSTEM_CREATED"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": None}, "system.import_no_id"),
        ({"id": "abc"}, "system.import_no_id"),
        ({"name": ""}, "system.import_field"),
        ({"name": "x" * 101}, "system.import_field"),
        ({"serviceProtocol": "UNKNOWN"}, "system.import_protocol"),
        ({"serviceProtocol": "FTP"}, "system.import_protocol"),
        ({"systemTypes": []}, "system.import_field"),
        ({"systemTypes": None}, "system.import_field"),
        ({"receiptFormat": "EBCDIC"}, "system.import_receipt_format"),
        ({"activeFrom": "i går"}, "system.import_time"),
        ({"activeFrom": "2024-13-01T00:00:00Z"}, "system.import_time"),
        ({"activeTo": "2024-03-01T07:00:00Z"}, "system.import_dates"),
        ({"activeFrom": None, "activeTo": "2024-03-01T07:00:00Z"}, "system.import_dates"),
    ],
)
def test_a_document_that_cannot_be_used_leaves_the_others_alone(change, code):
    made = take(WHOLE | change, UNSET | {"id": str(uuid.uuid4())})
    assert [row.outcome for row in made.rows] == [Outcome.REFUSED, Outcome.CREATED]
    assert codes(made.refused[0]) == [code]
    assert len(made.entries) == 1


@pytest.mark.parametrize(
    ("change", "left_out"),
    [
        ({"endpoint": "http://a.dk"}, "endpoint"),
        ({"technicalContact": {"email": "ingen"}}, "technicalContact.email"),
        ({"technicalContact": {"phoneNumber": "1" * 31}}, "technicalContact.phoneNumber"),
        ({"delegatedCVR": "123"}, "delegatedCVR"),
        ({"allowedIps": [{"ip": "192.0.2.0/24"}]}, "allowedIps"),
    ],
)
def test_what_is_not_essential_is_left_out_and_named(change, left_out):
    (row,) = take(WHOLE | change).rows
    assert row.outcome is Outcome.CREATED
    named = [found.params["field"] for found in row.findings if found.code == "system.import_left_out"]
    assert named == [left_out]


def test_a_system_in_service_may_lack_what_a_page_would_ask_for():
    (row,) = take(WHOLE | {"endpoint": None}).rows
    assert (row.outcome, row.system.endpoint) == (Outcome.CREATED, "")


def test_a_name_that_another_system_bears():
    org = organisation()
    system(organisation=org, name="Post ind", registry_id=uuid.uuid4())
    (row,) = take(WHOLE, org=org).rows
    assert (row.outcome, codes(row), row.findings[0].params["field"]) == (
        Outcome.REFUSED,
        ["system.import_field"],
        "name",
    )


def test_a_system_that_is_used_does_not_stop_receiving(depended_on):
    org = organisation()
    (row,) = take(WHOLE, org=org).rows
    depended_on(row.system, "Borgerservice")
    (refused,) = take(WHOLE | {"systemTypes": ["SENDER"]}, org=org).rows
    assert (refused.outcome, codes(refused)) == (Outcome.REFUSED, ["system.has_dependants"])
    assert reread(row.system).is_recipient


LINE = certificates.ED25519
BLOB = LINE.split()[1]


@pytest.mark.parametrize("encoded", [base64.b64encode(LINE.encode()).decode(), BLOB])
def test_an_ssh_key_as_a_line_or_in_wire_form(encoded):
    org = organisation()
    document = WHOLE | {"serviceProtocol": "SFTP", "endpoint": None, "receiptEndpoint": None}
    document |= {"ssh": {"sshUsername": "post-1", "sshPublicKey": [encoded]}}
    (row,) = take(document, org=org).rows
    one = reread(row.system)
    assert (one.ssh_username, one.ssh_key.blob) == ("post-1", BLOB)
    assert [row.outcome for row in take(document, org=org).rows] == [Outcome.UNCHANGED]
    assert SshKey.objects.count() == 1


def test_an_ssh_key_that_cannot_be_used_is_left_out():
    document = WHOLE | {"ssh": {"sshUsername": "post-1", "sshPublicKey": ["bm9nZXQ="]}}
    (row,) = take(document).rows
    assert row.outcome is Outcome.CREATED
    assert "system.import_ssh_key" in codes(row)


def test_a_changed_address_is_unchecked():
    org = organisation()
    (row,) = take(WHOLE, org=org).rows
    row.system.health.__class__.objects.update(last_passed=timezone.now(), last_check_status="PASSED")
    take(WHOLE | {"supplier": "Ny"}, org=org)
    assert reread(row.system).health.last_check_status == "PASSED"
    take(WHOLE | {"endpoint": "ny@a.dk"}, org=org)
    assert reread(row.system).health.last_check_status == ""


def test_saved_answers_of_every_shape():
    assert documents_in(WHOLE) == [WHOLE]
    assert documents_in([WHOLE, UNSET]) == [WHOLE, UNSET]
    assert documents_in({"systems": [WHOLE], "totalElements": 1}) == [WHOLE]
    for other in ({}, {"contactPoints": []}, "tekst", 1, None, [1], {"systems": ["a"]}):
        with pytest.raises(ValueError):
            documents_in(other)
