"""A request to replace a certificate (`swap_request`, `swap_request_withdraw`): accepted, declined, withdrawn."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from organisations import mail
from systems import swap_requests
from systems.models import CertificateSwapRequest, System
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import reread, system
from tests.systems.logged import tags
from tests.systems.test_certificate_swap import by, copied, pair, ticks

pytestmark = pytest.mark.django_db
ADMIN = Role.ORGANISATION_ADMINISTRATOR


@pytest.fixture
def asked() -> CertificateSwapRequest:
    vendor, theirs = organisation(name="Påfund IT"), organisation(name="Anden Kommune")
    user_with(ADMIN, organisation=theirs)
    old, new = pair(vendor)
    system(organisation=theirs, certificate=copied(old, theirs), delegated_cvr=vendor.cvr_number, name="Deres")
    asker = user_with(ADMIN, organisation=vendor, email="vendor@example.org")
    [made] = swap_requests.ask(
        caller=by(asker), old=old, new=new, organisations=[theirs], message="Natten til mandag", at=timezone.now()
    )
    return made


def url(asked: CertificateSwapRequest, *, asker: bool = False, name: str = "swap_request") -> str:
    return reverse(name, args=[(asked.asked_by if asker else asked.organisation).cvr_number, asked.pk])


def client(asked: CertificateSwapRequest, *, asker: bool = False):
    return client_for(user_with(ADMIN, organisation=asked.asked_by if asker else asked.organisation))


def theirs(asked: CertificateSwapRequest) -> System:
    return reread(System.objects.get(organisation=asked.organisation))


def test_both_sides_see_it_and_nobody_else(asked):
    assert "Natten til mandag" in client(asked).get(url(asked)).content.decode()
    assert "Træk anmodningen tilbage" in client(asked, asker=True).get(url(asked, asker=True)).content.decode()
    stranger = organisation()
    other = client_for(user_with(ADMIN, organisation=stranger))
    assert other.get(reverse("swap_request", args=[stranger.cvr_number, asked.pk])).status_code == 404
    reader = client_for(user_with(Role.READER, organisation=asked.organisation))
    assert reader.get(url(asked)).status_code == 403


def test_it_is_told_by_mail(asked):
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    [sent] = outbox.outbox
    assert "Påfund IT beder jer udskifte et certifikat" in sent.subject
    assert "- Deres" in sent.body
    assert url(asked) in sent.body


def test_accepting_changes_the_systems_and_tells_who_asked(asked):
    used = theirs(asked)
    sent = {"version": 1, "system": ticks(used), "when": "now", "answer": "accept"}
    answer = client(asked).post(url(asked), sent, follow=True)
    assert "Certifikatet er udskiftet" in answer.content.decode()
    assert theirs(asked).certificate.sha256 == asked.certificate.sha256
    assert tags(asked.organisation)[-2:] == ["CERTIFICATE_REPLACED", "CERTIFICATE_SWAP_ANSWERED"]
    assert tags(asked.asked_by)[-1] == "CERTIFICATE_SWAP_ANSWERED"
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    assert [one.to for one in outbox.outbox if "har udskiftet certifikatet" in one.subject] == [["vendor@example.org"]]


def test_declining_needs_a_reason_that_the_asker_reads(asked):
    sent = {"version": 1, "when": "now", "answer": "decline"}
    assert "reason" in client(asked).post(url(asked), sent).context["form"].errors
    client(asked).post(url(asked), {**sent, "reason": "Vi skifter system"})
    assert "Vi skifter system" in client(asked, asker=True).get(url(asked, asker=True)).content.decode()
    assert theirs(asked).certificate.sha256 == asked.old_sha256


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_who_comes_second_is_told(asked, answer):
    used = theirs(asked)
    CertificateSwapRequest.objects.filter(pk=asked.pk).update(version=2)
    sent = {"version": 1, "system": ticks(used), "when": "now", "answer": answer, "reason": "Nej"}
    response = client(asked).post(url(asked), sent)
    assert response.status_code == 409
    assert theirs(asked).certificate.sha256 == asked.old_sha256
    assert CertificateSwapRequest.objects.get().state == "WAITING"


def test_accepting_without_a_system_or_of_one_that_was_changed(asked):
    used, own = theirs(asked), client(asked)
    assert own.post(url(asked), {"version": 1, "when": "now", "answer": "accept"}).context["form"].errors
    System.objects.update(version=5)
    sent = {"version": 1, "system": ticks(used), "when": "now", "answer": "accept"}
    response = own.post(url(asked), sent)
    assert response.status_code == 409
    assert CertificateSwapRequest.objects.get().state == "WAITING"


def test_withdrawing_is_for_who_asked(asked):
    client(asked).post(url(asked, name="swap_request_withdraw"), {"version": 1})
    assert CertificateSwapRequest.objects.get().state == "WAITING"
    asker = client(asked, asker=True)
    assert "Anden Kommune" in asker.get(url(asked, asker=True, name="swap_request_withdraw")).content.decode()
    asker.post(url(asked, asker=True, name="swap_request_withdraw"), {"version": 0})
    assert CertificateSwapRequest.objects.get().state == "WAITING"
    asker.post(url(asked, asker=True, name="swap_request_withdraw"), {"version": 1})
    assert CertificateSwapRequest.objects.get().state == "WITHDRAWN"
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    assert outbox.outbox == []  # what is withdrawn is asked of nobody any more
