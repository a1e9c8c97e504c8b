"""Where certificates stand: asked at upload, asked again, and judged every night; revoked once and for good."""

import datetime as dt
import threading

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.utils import timezone

from adgang.demo import responder
from certificates.models import Certificate, KeyStanding, Standing, TrustAnchor
from certificates.revocation import fetching, rechecking, refusing, standing
from certificates.revocation.addresses import set_addresses
from certificates.uploading import receive_certificate
from organisations.callers import Caller
from organisations.models import Event, Mail, Organisation
from tests.factories import certificates as make
from tests.factories.organisations import organisation, user
from tests.servers.revocation import Publisher, http, publisher

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
CRL, OCSP = "/issuing.crl", "/ocsp"


@pytest.fixture
def authority(settings):
    """An authority that publishes an empty list and answers that everything is good."""
    with publisher() as made:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{made.port}"]
        issuing = next(anchor for anchor in make.install_anchors() if not anchor.is_root)
        set_addresses(caller=Caller.command("test"), anchor=issuing, crl=made.address(CRL), ocsp=made.address(OCSP))
        answers(made)
        yield made


def answers(made: Publisher, revoked: dict[int, dt.datetime] | None = None) -> None:
    pki = make.the_pki()
    made.files[OCSP] = lambda asked: http(responder.answer(asked, pki, revoked or {}, at=timezone.now()))


def publishes(made: Publisher, *serials: int, at: dt.datetime) -> None:
    made.files[CRL] = http(make.the_pki().crl(serials, at=at).public_bytes(Encoding.DER))
    rechecking.look_through(fetching.fetch_now(at=at), at=at)


def serial(certificate: Certificate) -> int:
    return int(certificate.serial_number, 16)


def state(certificate: Certificate) -> tuple[str, str, bool]:
    row = Standing.objects.get(certificate=certificate)
    return row.revocation, row.source, row.pending


def told(certificate: Certificate) -> int:
    return Event.objects.filter(tag="CERTIFICATE_REVOKED", object_id=certificate.pk).count()


def test_an_upload_is_kept_at_once_and_the_answer_follows(authority: Publisher) -> None:
    kept = make.certificate(organisation=organisation())
    assert state(kept) == ("unknown", "", True)
    assert standing.known(kept, at=timezone.now()).lack == "revocation.pending"
    assert standing.ask(kept.pk, at=timezone.now()).status == "good"
    assert state(kept) == ("good", "ocsp", False)


def test_what_the_list_says_stands_there_at_once(authority: Publisher) -> None:
    publishes(authority, at=timezone.now())
    assert state(make.certificate(organisation=organisation())) == ("good", "crl", True)


def test_an_upload_that_the_list_revokes_is_refused(authority: Publisher) -> None:
    at, made, here = timezone.now(), make.issued(), organisation()
    publishes(authority, made.certificate.serial_number, at=at)
    received = receive_certificate(caller=Caller.command("test"), organisation=here, data=made.pem, at=at)
    assert [found.code for found in received.findings if found.severity == "error"] == [
        "cvr.wrong",
        "revocation.revoked",
    ]
    assert not Certificate.objects.exists()


def test_the_responder_may_know_better_than_the_list(authority: Publisher) -> None:
    publishes(authority, at=timezone.now())
    kept = make.certificate(organisation=organisation())
    answers(authority, {serial(kept): timezone.now() - HOUR})
    standing.ask(kept.pk, at=timezone.now())
    assert (state(kept), told(kept)) == (("revoked", "ocsp", False), 1)


def test_a_responder_that_is_down_is_asked_again_later_and_later(authority: Publisher) -> None:
    at = timezone.now()
    kept = make.certificate(organisation=organisation(), received=at)
    authority.files[OCSP] = http(b"", status=b"503 Busy")
    waits = []
    for _ in range(5):
        standing.ask(kept.pk, at=at)
        due = Standing.objects.get(pk=kept.pk).due
        waits.append((due - at) // dt.timedelta(minutes=1))
        assert standing.ask(kept.pk, at=at) is None
        at = due
    assert (waits, state(kept)) == ([1, 5, 15, 60, 60], ("unknown", "", True))
    answers(authority)
    standing.ask(kept.pk, at=at)
    assert state(kept) == ("good", "ocsp", False)


def test_where_the_list_has_answered_no_responder_is_waited_for_for_ever(authority: Publisher) -> None:
    at = timezone.now()
    publishes(authority, at=at)
    kept = make.certificate(organisation=organisation(), received=at)
    authority.files[OCSP] = http(b"")
    for _ in range(4):
        standing.ask(kept.pk, at=at)
        at = Standing.objects.get(pk=kept.pk).due
    assert state(kept) == ("good", "crl", False)


def test_a_new_list_revokes_what_is_registered_and_nothing_else(authority: Publisher) -> None:
    at = timezone.now()
    mine, other = (make.certificate(organisation=organisation(), name=name) for name in ("a", "b"))
    Standing.objects.update(pending=False)
    publishes(authority, serial(mine), at=at)
    rechecking.recheck_due(at=at)
    assert (state(mine)[0], state(other)[0]) == ("revoked", "good")
    assert (told(mine), told(other)) == (1, 0)
    row = Standing.objects.get(pk=mine.pk)
    assert (row.due, row.source, "revocation.revoked" in [one["code"] for one in row.findings]) == (None, "crl", True)


def test_revoked_is_final(authority: Publisher) -> None:
    at = timezone.now()
    kept = make.certificate(organisation=organisation())
    publishes(authority, serial(kept), at=at)
    standing.ask(kept.pk, at=at)
    publishes(authority, at=at + HOUR)
    assert standing.ask(kept.pk, at=at + HOUR) is None
    rechecking.recheck_due(at=at + dt.timedelta(days=2))
    standing.settle(Standing.objects.get(pk=kept.pk), standing.Answer(), at=at)
    assert (state(kept)[0], told(kept)) == ("revoked", 1)


def test_the_certificate_of_a_revoked_authority_is_revoked(authority: Publisher) -> None:
    at, root = timezone.now(), TrustAnchor.objects.get(is_root=True)
    kept = make.certificate(organisation=organisation())
    set_addresses(caller=Caller.command("test"), anchor=root, crl=authority.address("/root.crl"), ocsp="")
    pki = make.the_pki()
    above = make.pki.Pki(pki.root, pki.root).crl([pki.issuing.certificate.serial_number], at=at)
    authority.files["/root.crl"] = http(above.public_bytes(Encoding.DER))
    Standing.objects.update(pending=False, due=at + HOUR)
    publishes(authority, at=at)
    rechecking.recheck_due(at=at)
    assert state(kept)[0] == "revoked"


def test_the_person_is_told_that_their_certificate_is_revoked(authority: Publisher) -> None:
    at, here, owner = timezone.now(), organisation(), user()
    kept = make.certificate(organisation=here, user=owner)
    publishes(authority, serial(kept), at=at)
    standing.ask(kept.pk, at=at)
    assert list(Mail.objects.values_list("kind", "to")) == [("own_certificate_revoked", owner.email)]


def test_a_good_answer_grows_old(authority: Publisher) -> None:
    kept = make.certificate(organisation=organisation())
    standing.ask(kept.pk, at=timezone.now())
    kept.refresh_from_db()
    answer = standing.known(kept, at=timezone.now() + dt.timedelta(days=1))
    assert (answer.status, answer.lack) == ("unknown", "revocation.stale")


def test_into_service_only_while_somebody_knows(authority: Publisher, settings) -> None:
    at = timezone.now()
    kept = make.certificate(organisation=organisation(), received=at)
    codes = lambda when: [found.code for found in standing.freshness(kept, at=when)]  # noqa: E731
    assert codes(at) == []
    settings.ADGANG_REQUIRE_REVOCATION_CHECK = True
    assert codes(at) == ["revocation.no_list"]
    standing.ask(kept.pk, at=at)
    kept.refresh_from_db()
    assert (codes(at), codes(at + dt.timedelta(days=1))) == ([], ["revocation.stale"])


def test_the_night_judges_everything_again_and_keeps_what_changed(authority: Publisher) -> None:
    at, here = timezone.now(), organisation()
    kept = make.certificate(organisation=here, until=at + dt.timedelta(days=400), received=at)
    key = make.ssh_key(organisation=here)
    Standing.objects.update(pending=False)
    assert rechecking.recheck_due(at=at) == 2
    assert rechecking.recheck_due(at=at) == 0
    assert [one["code"] for one in kept_findings(kept)] == ["revocation.unknown"]
    TrustAnchor.objects.all().delete()
    night = at + dt.timedelta(days=2)
    assert rechecking.recheck_due(at=night) == 2
    assert [one["code"] for one in kept_findings(kept)] == ["path.unknown_issuer", "revocation.unknown"]
    assert [found.code for found in Standing.objects.get(pk=kept.pk).errors] == ["path.unknown_issuer"]
    assert KeyStanding.objects.get(key=key).judged == night
    assert night < Standing.objects.get(pk=kept.pk).due <= night + dt.timedelta(days=2)


def kept_findings(certificate: Certificate) -> list[dict[str, str]]:
    return Standing.objects.get(pk=certificate.pk).findings


def test_a_key_that_a_sharper_rule_refuses_is_found(settings) -> None:
    public = make.pki.new_key(2048).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    key = make.ssh_key(organisation=organisation(), line=public)
    rechecking.recheck_due(at=timezone.now())
    settings.ADGANG_REFUSE_SHORT_RSA = True
    rechecking.recheck_due(at=timezone.now() + dt.timedelta(days=2))
    assert [found.severity for found in KeyStanding.objects.get(key=key).found] == ["error"]


def test_what_has_expired_is_judged_once_more_and_never_again(authority: Publisher) -> None:
    at = timezone.now()
    kept = make.certificate(organisation=organisation(), until=at + HOUR)
    Standing.objects.update(pending=False)
    assert rechecking.recheck_due(at=at + 2 * HOUR) == 1
    assert Standing.objects.get(pk=kept.pk).due is None
    assert "date.expired" in [one["code"] for one in kept_findings(kept)]


def many(here: Organisation, count: int, at: dt.datetime) -> None:
    first = make.certificate(organisation=here)
    fields = [field.attname for field in Certificate._meta.concrete_fields if field.attname != "id"]
    values = {name: getattr(first, name) for name in fields}
    Certificate.objects.bulk_create(Certificate(**values) for _ in range(count - 1))
    Standing.objects.update(pending=False, due=at)


def test_a_batch_takes_as_many_queries_as_one(authority: Publisher, django_assert_max_num_queries) -> None:
    at = timezone.now()
    publishes(authority, at=at)
    many(organisation(), 40, at)
    rechecking.recheck_due(at=at)
    Standing.objects.update(due=at)
    with django_assert_max_num_queries(22):
        assert rechecking.recheck_due(at=at) == 40


def test_a_lost_worker_leaves_its_batch_to_another(authority: Publisher) -> None:
    at = timezone.now()
    many(organisation(), 3, at)
    rechecking._enrol(at)
    rechecking._claim(Standing, at)
    assert rechecking.recheck_due(at=at) == 0
    assert rechecking.recheck_due(at=at + 2 * refusing.LEASE) == 3


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_several_workers_share_the_night(authority: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rechecking, "BATCH", 5)
    at = timezone.now()
    many(organisation(), 60, at)
    rechecking._enrol(at)
    done: list[int] = []

    def work() -> None:
        try:
            done.append(rechecking.recheck_due(at=at))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Standing.objects.filter(judged=at).count() == 60
    assert sum(done) <= 60 + 4
