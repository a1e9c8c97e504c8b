"""Renewing a certificate (`certificate_renew`) and putting it into every system that used the old one."""

import datetime as dt
import itertools

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from organisations.callers import Caller, Channel
from organisations.models import Organisation, User
from systems import swapping
from systems.models import CertificateSwapRequest, Protocol, System
from systems.problems import open_problems
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, grant, organisation, user_with
from tests.factories.systems import reread, system
from tests.systems.logged import changed, tags
from tests.systems.people import CHANGE, everybody

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ADMIN = Role.ORGANISATION_ADMINISTRATOR
_holders = itertools.count(1)


def holder() -> str:
    return f"0f8fad5b-d9cb-469f-a165-{next(_holders):012}"


def pair(ours: Organisation, **options) -> tuple[Certificate, Certificate]:
    """Return a certificate that ends soon, and its renewal."""
    now, own = timezone.now(), {"holder_id": holder(), **options}
    old = certificates.certificate(organisation=ours, at=now - 900 * DAY, until=now + 20 * DAY, **own)
    new = certificates.certificate(organisation=ours, at=now - DAY, until=now + 1000 * DAY, **own)
    return old, new


def by(person: User) -> Caller:
    return Caller(user=person, channel=Channel.WEB, request_id="r")


def url(old: Certificate, new: Certificate | None = None) -> str:
    cvr = old.organisation.cvr_number
    return (
        reverse("certificate_swap", args=[cvr, old.pk, new.pk])
        if new
        else reverse("certificate_renew", args=[cvr, old.pk])
    )


def ticks(*systems: System) -> list[str]:
    return [f"{one.pk}:{one.version}" for one in systems]


def versions(*systems: System) -> dict:
    return {one.pk: one.version for one in systems}


@pytest.mark.parametrize("name", ["certificate_renew", "certificate_swap"])
def test_who_may_do_it(name):
    used = system()
    old, new = pair(used.organisation)
    used.certificate = old
    used.save()
    address = url(old, new if name == "certificate_swap" else None)
    statuses = {who: client_for(person).get(address).status_code for who, person in everybody(used).items()}
    assert statuses == CHANGE


def test_from_the_upload_to_the_swap_on_the_pages():
    ours = organisation()
    old, _new = pair(ours)
    used = [system(organisation=ours, certificate=old, name=f"System {number}") for number in range(5)]
    client = client_for(user_with(ADMIN, organisation=ours))
    renewed = certificates.issued(cvr=ours.cvr_number, holder_id=old.holder_id, at=timezone.now() - DAY)
    preview = client.post(url(old), {"text": renewed.pem.decode()}, follow=True)
    text = preview.content.decode()
    assert "Det fornyer certifikatet til 5 systemer" in text
    assert [reread(one).version for one in used] == [1] * 5
    answer = client.post(preview.request["PATH_INFO"], {"system": ticks(*used), "when": "now"}, follow=True)
    assert "Certifikatet er i kraft i 5 systemer" in answer.content.decode()
    assert len({reread(one).certificate.sha256 for one in used} - {old.sha256}) == 1
    assert Certificate.objects.filter(organisation=ours, sha256=reread(used[0]).certificate.sha256).count() == 1
    assert tags(ours).count("CERTIFICATE_REPLACED") == 5
    assert changed(ours, "CERTIFICATE_REPLACED")["certificate"][0] == str(old)


def test_an_upload_at_one_system_offers_the_others():
    ours = organisation()
    old, _new = pair(ours)
    one, other = (system(organisation=ours, certificate=old) for _ in range(2))
    renewed = certificates.issued(cvr=ours.cvr_number, holder_id=old.holder_id, at=timezone.now() - DAY)
    client = client_for(user_with(ADMIN, organisation=ours))
    address = reverse("system_certificate", args=[ours.cvr_number, one.pk])
    answer = client.post(address, {"version": 1, "text": renewed.pem.decode(), "when": "now"}, follow=True)
    text = answer.content.decode()
    assert "Det fornyer certifikatet til 1 system mere" in text
    assert f'value="{other.pk}:1"' in text
    assert str(one.pk) + ":" not in text


def test_the_very_same_certificate_is_no_renewal():
    ours = organisation()
    old, _new = pair(ours)
    answer = client_for(user_with(ADMIN, organisation=ours)).post(url(old), {"text": old.pem})
    assert "Det er netop det certifikat, der skal udskiftes." in answer.content.decode()
    assert Certificate.objects.count() == 2


def test_a_private_key_is_refused_and_forgotten():
    ours = organisation()
    old, _new = pair(ours)
    secret = "-----BEGIN PRIVATE KEY-----\nMIIhemmeligt\n-----END PRIVATE KEY-----\n"
    answer = client_for(user_with(ADMIN, organisation=ours)).post(url(old), {"text": secret})
    assert answer.context["form"].errors
    assert "MIIhemmeligt" not in answer.content.decode()


def test_staged_for_a_date_it_is_judged_as_of_then():
    ours = organisation()
    old, new = pair(ours)
    used = system(organisation=ours, certificate=old)
    later = timezone.localtime(timezone.now() + 10 * DAY).strftime("%d-%m-%Y %H.%M")
    client = client_for(user_with(ADMIN, organisation=ours))
    answer = client.post(url(old, new), {"system": ticks(used), "when": "later", "on": later}, follow=True)
    assert "Certifikatet er klar i 1 system" in answer.content.decode()
    assert (reread(used).certificate, reread(used).next_certificate) == (old, new)


def test_the_preview_says_why_a_system_does_not_fit_and_it_is_left_alone():
    ours, vendor_cvr = organisation(), "12345674"
    old, new = pair(ours, kind="FOCES")
    fits = system(organisation=ours, certificate=old)
    foreign = certificates.issued(cvr=vendor_cvr, holder_id=holder(), at=timezone.now() - DAY)
    vendors = system(organisation=ours, certificate=old, delegated_cvr=vendor_cvr)
    caller = by(user_with(ADMIN, organisation=ours))
    received = swapping.receive_renewal(caller=caller, old=old, data=foreign.pem, at=timezone.now())
    assert received.certificate is None  # it is issued to neither the authority nor the old one's holder
    copy = Certificate.objects.get(pk=new.pk)
    copy.pk, copy.pem, copy.cvr, copy.sha256 = None, foreign.pem.decode(), vendor_cvr, "f" * 64
    copy.save(force_insert=True)
    shown = swapping.preview(caller=caller, old=old, new=copy, at=timezone.now())
    [(_organisation, candidates)] = shown.authorities
    assert {one.system: one.fits for one in candidates} == {fits: False, vendors: True}
    [outcome] = swapping.carry_out(caller=caller, old=old, new=copy, chosen=versions(fits, vendors), at=timezone.now())
    assert [one.system for one in outcome.refused] == [fits]
    assert reread(vendors).certificate == old


def test_a_system_that_somebody_changed_holds_back_its_authority_alone():
    ours, theirs = organisation(), organisation()
    old, new = pair(ours)
    person = user_with(ADMIN, organisation=ours)
    grant(user=person, role=ADMIN, organisation=theirs)
    copies = [system(organisation=ours, certificate=old) for _ in range(2)]
    far = system(organisation=theirs, certificate=copied(old, theirs), delegated_cvr=ours.cvr_number)
    System.objects.filter(pk=copies[1].pk).update(version=7)
    client = client_for(person)
    answer = client.post(url(old, new), {"system": ticks(*copies, far), "when": "now"})
    assert answer.status_code == 409
    assert "en anden har ændret et af systemerne" in answer.content.decode()
    assert [reread(one).certificate for one in copies] == [old, old]
    assert reread(far).certificate.sha256 == new.sha256
    assert reread(far).certificate.organisation == theirs
    assert tags(theirs) == ["CERTIFICATE_REPLACED"]
    assert f"{copies[1].pk}:7" in answer.content.decode()


def copied(certificate: Certificate, theirs: Organisation) -> Certificate:
    copy = Certificate.objects.get(pk=certificate.pk)
    copy.pk, copy.organisation = None, theirs
    copy.save(force_insert=True)
    return copy


def test_nothing_chosen_and_nonsense_in_the_form():
    ours = organisation()
    old, new = pair(ours)
    used = system(organisation=ours, certificate=old)
    client = client_for(user_with(ADMIN, organisation=ours))
    for sent in ({}, {"when": "now"}, {"when": "now", "system": ["x:1", f"{used.pk}:", "1" * 400]}, {"when": "later"}):
        answer = client.post(url(old, new), sent)
        assert answer.status_code == 200
        assert answer.context["form"].errors
    assert reread(used).certificate == old


def test_a_system_outside_a_limited_role_is_passed_over():
    ours = organisation()
    old, new = pair(ours)
    mine, other = (system(organisation=ours, certificate=old) for _ in range(2))
    vendor = user_with(ADMIN, organisation=ours, system_id=mine.pk)
    client_for(vendor).post(url(old, new), {"system": ticks(mine, other), "when": "now"})
    assert reread(mine).certificate == new
    assert reread(other).certificate == old


def test_other_authorities_are_asked_and_only_by_the_holder():
    vendor, theirs = organisation(name="Påfund IT"), organisation(name="Anden Kommune")
    boss = user_with(ADMIN, organisation=theirs)
    old, new = pair(vendor)
    system(organisation=theirs, certificate=copied(old, theirs), delegated_cvr=vendor.cvr_number)
    client = client_for(user_with(ADMIN, organisation=vendor))
    assert "Spørg Anden Kommune (1 system)" in client.get(url(old, new)).content.decode()
    client.post(url(old, new), {"ask": [str(theirs.pk), "x"], "when": "now", "message": "Natten til mandag"})
    client.post(url(old, new), {"ask": [str(theirs.pk)], "when": "now", "message": "Igen"})
    assert [one.state for one in CertificateSwapRequest.objects.order_by("created")] == ["WITHDRAWN", "WAITING"]
    assert tags(theirs) == ["CERTIFICATE_SWAP_ASKED", "CERTIFICATE_SWAP_ANSWERED", "CERTIFICATE_SWAP_ASKED"]
    assert tags(vendor) == tags(theirs)
    assert boss.email in str(list(theirs.mail_set.values_list("to", flat=True)))
    [problem] = [one for one in open_problems(theirs) if "anmodninger" in one.url]
    assert "Påfund IT" in str(problem.text)
    stranger = organisation()
    foreign = copied(old, stranger)
    seen = swapping.preview(caller=by(user_with(ADMIN, organisation=stranger)), old=foreign, new=new, at=timezone.now())
    assert seen.others == []


def test_an_expired_certificate_in_service_is_one_problem_at_the_top():
    ours, now = organisation(), timezone.now()
    expired = certificates.certificate(
        organisation=ours, at=now - 900 * DAY, until=now - 2 * DAY, received=now - 10 * DAY
    )
    for name in ("Brev", "Sag"):
        system(organisation=ours, certificate=expired, name=name, active=True, protocol=Protocol.SMTP)
    problems = [one for one in open_problems(ours) if "udløb" in str(one.text)]
    assert len(problems) == 1
    assert "Brev, Sag" in str(problems[0].text)
    assert problems[0].weight.name == "ERROR"
