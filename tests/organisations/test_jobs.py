"""Long work in the background: claimed once, followed, ended once, found again when lost."""

import datetime as dt

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from organisations import job_pages, jobs, keeping, tasks, tidying
from organisations.callers import Caller
from organisations.models import Job, JobStatus, Organisation
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db

CALLER = Caller.command("test")
KIND = "test.rename"


def rename(job, progress):
    """Do the work of the kind under test: give the organisation a name, in one transaction with the job's end."""
    progress.report(1, 2, stage="reading")
    with transaction.atomic():
        Organisation.objects.filter(pk=job.organisation_id).update(name=job.params["name"])
        progress.finish({"name": job.params["name"]})


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    monkeypatch.setitem(jobs._KINDS, KIND, jobs.Kind(rename, limit=dt.timedelta(minutes=5)))


def begun(**params):
    return jobs.begin(caller=CALLER, organisation=organisation(), kind=KIND, params={"name": "Ny"} | params)


def again(job):
    return Job.objects.get(pk=job.pk)


def test_it_is_queued_when_the_transaction_commits(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        job = begun()
    assert len(callbacks) == 1
    assert again(job).status == JobStatus.QUEUED


def test_nobody_begins_a_kind_that_does_not_exist():
    with pytest.raises(KeyError):
        jobs.begin(caller=CALLER, organisation=organisation(), kind="test.unknown")
    assert not Job.objects.exists()


def test_the_work_and_the_end_of_the_job_are_one():
    job = begun()
    tasks.run_job(job_id=str(job.pk))
    done = again(job)
    assert (done.status, done.result, done.attempt) == (JobStatus.DONE, {"name": "Ny"}, 1)
    assert done.organisation.name == "Ny"
    assert done.finished is not None


def test_a_message_that_comes_twice_finds_nothing_to_do():
    job = begun()
    tasks.run_job(job_id=str(job.pk))
    Organisation.objects.update(name="Rettet siden")
    tasks.run_job(job_id=str(job.pk))
    assert again(job).organisation.name == "Rettet siden"


def test_two_workers_do_not_both_claim_it():
    job = begun()
    assert jobs.claim(job.pk) is not None
    assert jobs.claim(job.pk) is None


def test_a_worker_that_was_given_up_undoes_its_work():
    job = begun()
    late = jobs.claim(job.pk)
    assert jobs.sweep(at=timezone.now() + dt.timedelta(minutes=6)) == 1
    tasks.run_job(job_id=str(job.pk))
    Organisation.objects.update(name="Rettet siden")
    jobs.carry_out(late)
    assert again(job).organisation.name == "Rettet siden"
    assert (again(job).status, again(job).attempt) == (JobStatus.DONE, 2)


def test_a_fault_ends_it_and_is_told(monkeypatch):
    def broken(job, progress):
        raise ZeroDivisionError

    monkeypatch.setitem(jobs._KINDS, KIND, jobs.Kind(broken))
    job = begun()
    tasks.run_job(job_id=str(job.pk))
    assert again(job).status == JobStatus.FAILED
    assert "Prøv igen" in job_pages.failure(again(job)).remedy


def test_a_lost_message_is_sent_again_and_in_the_end_given_up():
    job, at = begun(), timezone.now()
    assert jobs.sweep(at=at) == 0
    for minutes in (1, 3, 7):
        assert jobs.sweep(at=at + dt.timedelta(minutes=minutes, seconds=5)) == 1
    assert again(job).sendings == jobs.MAX_SENDINGS
    assert jobs.sweep(at=at + dt.timedelta(minutes=20)) == 1
    assert again(job).result == {"code": "job.not_started"}


def test_what_breaks_off_every_worker_is_given_up():
    job, at = begun(), timezone.now()
    for number in range(1, jobs.MAX_ATTEMPTS + 1):
        assert jobs.claim(job.pk).attempt == number
        jobs.sweep(at=at + number * dt.timedelta(minutes=6))
    assert again(job).result == {"code": "job.interrupted"}


def test_progress_is_written_for_others_to_see():
    job = jobs.claim(begun().pk)
    progress = jobs.Progress(job)
    progress.report(10, 200, stage="reading")
    progress.report(11, 200, stage="reading")  # too soon to be worth a write
    assert (again(job).done, again(job).percent) == (10, 5)
    progress.report(1, 200, stage="writing")
    assert (again(job).done, again(job).stage) == (1, "writing")


def test_progress_of_a_job_that_is_over_stops_the_worker():
    job = jobs.claim(begun().pk)
    jobs.fail(job, jobs.FAULT)
    with pytest.raises(jobs.JobLost):
        jobs.Progress(job).report(1, 2)


def page(job, **query):
    request = RequestFactory().get("/her/", query)
    return job_pages.follow(
        request, job, template="organisations/job_progress.html", context={}, words={"reading": "Læser"}
    )


def test_the_page_follows_it():
    job = jobs.claim(begun().pk)
    jobs.Progress(job).report(10, 200, stage="reading")
    shown = page(job).content.decode()
    assert "Læser: 10 af 200" in shown
    assert 'value="5"' in shown
    seen = job_pages.seen(job)
    assert page(job, seen=seen).status_code == 204
    jobs.Progress(job).report(200, 200, stage="reading")
    assert "200 af 200" in page(job, seen=seen).content.decode()
    jobs.Progress(job).finish({})
    assert page(job, seen=seen).headers["HX-Refresh"] == "true"


def test_a_job_that_nobody_takes_says_so():
    job = begun()
    assert "om et øjeblik" in job_pages.in_words(job, {})
    job.queued_at -= dt.timedelta(minutes=2)
    assert "begynder af sig selv" in job_pages.in_words(job, {})


def test_old_jobs_are_forgotten_and_open_ones_kept():
    old, waiting = begun(), begun()
    Job.objects.filter(pk=old.pk).update(finished=timezone.now() - dt.timedelta(days=31))
    tidying.tidy(at=timezone.now())
    assert list(Job.objects.all()) == [waiting]


def test_the_file_of_the_work_is_kept_encrypted():
    blob = keeping.keep(b"hemmelig", media_type="text/plain", filename="fil.txt")
    job = jobs.begin(caller=CALLER, organisation=organisation(), kind=KIND, params={"name": "Ny"}, file=blob)
    assert jobs.claim(job.pk).file.content() == b"hemmelig"
