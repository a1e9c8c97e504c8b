"""Large set-up files in the background: looked through and carried out by a worker, followed and found again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from adgang.setup import plan_jobs
from contacts.models import UploadedFile
from organisations import jobs
from organisations.models import Job, JobStatus
from organisations.rights import PrivilegeType
from tests.factories import certificates, contacts
from tests.factories.organisations import client_for, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(authority, monkeypatch):
    monkeypatch.setattr(plan_jobs, "LARGE", 100)
    roles = (PrivilegeType.ORGANISATION_ADMINISTRATOR, PrivilegeType.CONTACT_ADMINISTRATOR)
    return user_with(*roles, PrivilegeType.LETTER_ADMINISTRATOR, organisation=authority.organisation)


@pytest.fixture
def client(person):
    return client_for(person)


def upload(authority, client, text):
    url = reverse("setup", args=[authority.organisation.cvr_number])
    return client.post(url, {"file": SimpleUploadedFile("opsætning.yml", text.encode())}).headers["Location"]


def work():
    """Let a worker do what waits."""
    job = jobs.claim(Job.objects.get(status=JobStatus.QUEUED).pk)
    jobs.carry_out(job)
    return Job.objects.get(pk=job.pk)


def test_from_a_large_file_to_what_is_registered(authority, client):
    url = upload(authority, client, authority.edited(("replyDays: 14", "replyDays: 21")))
    waiting = client.get(url).content.decode()
    assert "Det begynder om et øjeblik" in waiting
    assert "<noscript>" in waiting
    # It is found again from the page where it was chosen, by whoever chose it.
    listed = client.get(reverse("setup", args=[authority.organisation.cvr_number])).content.decode()
    assert f'href="{url}"' in listed
    assert "Venter" in listed
    assert work().status == JobStatus.DONE
    shown = client.get(url)
    assert "replyDays" in shown.content.decode()
    answer = client.post(url, {"seen": shown.context["review"].seen, "reason": ""}, follow=True)
    assert "Det begynder om et øjeblik" in answer.content.decode()
    work()
    assert authority.organisation.letter_types.get(name="Afgørelse").reply_days == 21
    assert "1 ændring er gennemført" in client.get(url, follow=True).content.decode()
    assert not UploadedFile.objects.exists()


def test_the_parts_of_the_file_are_told_while_it_works(authority, client, monkeypatch):
    upload(authority, client, authority.text)
    seen = []
    report = jobs.Progress.report
    monkeypatch.setattr(jobs.Progress, "report", lambda self, *what: seen.append(what) or report(self, *what))
    work()
    assert [stage for _done, _total, stage in seen] == ["standardSystems", "systems", "contactStructure", "letterTypes"]
    assert all(0 < done < total == 6 for done, total, _stage in seen)


def test_only_what_was_agreed_to(authority, client):
    url = upload(authority, client, authority.edited(("replyDays: 14", "replyDays: 21")))
    work()
    seen = client.get(url).context["review"].seen
    contacts.group("Kom imellem", organisation=authority.organisation)
    client.post(url, {"seen": seen, "reason": "Derfor"})
    assert work().result["was_changed"]
    shown = client.get(url)
    assert "ændret imens" in shown.content.decode()
    assert "Kom imellem" in shown.content.decode()
    assert "Derfor" in shown.content.decode()
    assert authority.organisation.contact_groups.filter(name="Kom imellem").exists()


def test_faults_are_told(authority, client):
    url = upload(authority, client, authority.edited(("replyDays: 14", "replyDays: mange")))
    work()
    text = client.get(url).content.decode()
    assert "replyDays" in text
    assert 'name="seen"' not in text
    # Looked through again after something was changed here.
    assert client.post(url, {"again": ""}).headers["Location"] == url
    assert work().result["review"]["refused"]


def test_a_reason_that_is_missing_is_asked_for(authority, client):
    certificate = certificates.certificate(organisation=authority.organisation)
    service = f"serviceProtocol: SMTP\n  activeFrom: 2026-01-01T00:00:00Z\n  certificate: {certificate.sha256}"
    url = upload(authority, client, authority.edited(("serviceProtocol: SMTP", service)))
    work()
    client.post(url, {"seen": client.get(url).context["review"].seen, "reason": ""})
    work()
    shown = client.get(url)
    assert shown.context["form"].errors.keys() == {"reason"}
    client.post(url, {"seen": shown.context["review"].seen, "reason": "Afprøvet"})
    work()
    assert authority.system("Post").active_from is not None


def test_a_worker_has_the_rights_of_who_asked_and_shows_the_result_to_nobody_else(authority, client, person):
    text = authority.edited(("replyDays: 14", "replyDays: 21"))
    url = upload(authority, client, text)
    work()
    other = user_with(PrivilegeType.CONTACT_ADMINISTRATOR, organisation=authority.organisation)
    shown = client_for(other).get(url)
    assert [one.finding.code for one in shown.context["review"].errors] == ["setup.not_yours"]
    seen = client.get(url).context["review"].seen
    client.post(url, {"seen": seen, "reason": ""})
    person.privileges.filter(type=PrivilegeType.LETTER_ADMINISTRATOR).delete()
    assert work().result["review"]["refused"]


def test_nobody_has_the_rights_of_somebody_who_is_gone(authority, client, person):
    upload(authority, client, authority.text)
    person.delete()
    assert work().status == JobStatus.FAILED


def test_what_failed_can_be_tried_again(authority, client, monkeypatch):
    url = upload(authority, client, authority.text)
    with monkeypatch.context() as broken:
        broken.setattr(plan_jobs.planning, "plan", lambda *_args, **_how: 1 / 0)
        assert work().status == JobStatus.FAILED
    assert 'name="again"' in client.get(url).content.decode()
    client.post(url, {"again": ""})
    assert work().status == JobStatus.DONE


def test_small_files_need_no_worker(authority, person, monkeypatch):
    monkeypatch.undo()
    upload(authority, client_for(person), authority.text)
    assert not Job.objects.exists()
