"""Everything about a person: complete by construction, without secrets and without others; asked for, taken once."""

import datetime as dt
import json
import re
import zipfile
from io import BytesIO, StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from adgang.about_person import archive, exporting, table, words
from adgang.about_person.gathering import _is_told, gather
from organisations import erasing, jobs
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.event_words import kind_name
from organisations.models import AccessRequest, Blob, Documentation, Event, Job, Mail, User
from organisations.rights import PrivilegeType
from tests.factories.organisations import client_for, employ, organisation, user, user_with
from tests.factories.rows import row
from tests.factories.world import world

PERSON_UUIDS = ("_by_id",)
SECRET = "hemmelighed"


def is_person(field):
    """Say whether a field leads to a person, by key, by id alone, or by address."""
    if field.is_relation:
        return field.related_model is User
    if isinstance(field, models.UUIDField):
        return field.name.endswith(PERSON_UUIDS) or field.name in ("issuer_id", "actor_id", "user_id")
    return isinstance(field, models.EmailField)


def leading_to_people():
    every = apps.get_models(include_auto_created=True)
    return {f"{m._meta.label}.{f.name}" for m in every for f in m._meta.local_fields if is_person(f)}


def test_every_field_that_leads_to_a_person_is_exported_or_exempt_by_name():
    known = {*table.OWN, *table.DID, *table.ADDRESSED, *table.ELSEWHERE}
    assert leading_to_people() - known == set(), "say in adgang/about_person/table.py how the person is told of it"
    assert known - leading_to_people() == set()


def with_secrets(model):
    """Return secret values for the fields that hold such."""
    names = getattr(model, "secret_fields", frozenset()) | {"session_data"}
    if model is AccessRequest:  # the database keeps a code's hash only while a code is sent
        return {"code_hash": ""}
    return {
        one.name: SECRET
        for one in model._meta.local_fields
        if (one.name in names or one.name.endswith("hash")) and not isinstance(one, models.BinaryField)
    }


@pytest.fixture
def person(db):
    return user(name="Karen Holm", email="karen@example.org")


@pytest.mark.parametrize("key", sorted({*table.OWN, *table.DID, *table.ADDRESSED}))
def test_a_row_of_every_table_is_in_the_file_without_secrets(person, key):
    label, name = key.rsplit(".", 1)
    model = apps.get_model(label)
    other = user(name="Fremmed Person", email="fremmed@example.org")
    made = {"organisations.User": other}
    field = model._meta.get_field(name)
    mine = person.email if isinstance(field, models.EmailField) else person.pk
    given = {field.attname: mine, **{k: v for k, v in with_secrets(model).items() if k != name}}
    for one in model._meta.local_fields:
        if one.is_relation and one.related_model is User and one.name != name:
            given.setdefault(one.attname, other.pk)
    if model is AccessRequest and name != "target_email":
        given |= {"target_name": "Fremmed Person", "target_email": other.email}
    mark = row(model, made, **given)

    gathered = gather(person)
    told = json.dumps(gathered.as_json())

    rows = gathered.did if key in table.DID else next(s.rows for s in gathered.sections if s.name == section(key))
    assert len(rows) == 1
    assert key in table.OWN or "id" not in rows[0] or rows[0]["id"] == str(mark.pk)
    assert SECRET not in told
    assert "_hash" not in told
    assert "remmed" not in told


def section(key):
    label, name = key.rsplit(".", 1)
    return f"{label.split('.')[1].lower()}_{name}"


def test_every_field_on_the_page_has_words():
    """A new field needs a verbose_name, or a line in `adgang/about_person/words.py`."""
    without = [f"{kind}.{name}" for kind, name in shown_fields() if not words.name_of(kind, name)]
    assert without == []


def test_what_somebody_did_is_named_too():
    with override("da"):
        kinds = {key.rsplit(".", 1)[0] for key in table.DID}
        unnamed = [one for one in map(apps.get_model, kinds) if "verbose_name" not in one._meta.original_attrs]
        assert {kind_name(one._meta.model_name) for one in unnamed} == {
            "Ændring i en kladde",
            "Kommentar til en kladde",
            "Accept af vilkårene",
        }


def shown_fields():
    for key in ["organisations.User.email", *table.OWN, *table.ADDRESSED]:
        label, _name = key.rsplit(".", 1)
        model = apps.get_model(label)
        if model.__name__ in table.BRIEF:
            continue
        left_out = table.LEFT_OUT.get(label, frozenset()) | getattr(model, "secret_fields", frozenset())
        fields = [one for one in model._meta.local_fields if one.name not in left_out and _is_told(one)]
        yield from ((model._meta.model_name, one.name) for one in fields)
    yield from (("user", name) for name in ("where_logged_in", "browser", "address", "signed_in"))
    for key in table.ADDRESSED:
        label, name = key.rsplit(".", 1)
        model = apps.get_model(label)
        if model.__name__ in table.BRIEF:
            stands = ("id", "what", "organisation", name, name.replace("email", "name"))
            yield from ((model._meta.model_name, one) for one in stands if one == "what" or hasattr(model, one))


def test_the_page_speaks_its_person_s_language(person):
    org = organisation(name="Skovby Kommune")
    employ(user=person, organisation=org)
    client_for(person).get("/mig/")
    pages = {}
    for language in ("da", "en"):
        person.language = language
        with zipfile.ZipFile(BytesIO(archive.pack(gather(person), person))) as packed:
            pages[language] = packed.read("data.html").decode()
            assert json.loads(packed.read("data.json"))["account"]["is_active"] is True
    assert "<li>Mislykkede forsøg på at logge ind: 0</li>" in pages["da"]
    assert "<li>Organisation: Skovby Kommune</li>" in pages["da"]
    assert "<li>Kontoen er åben: Ja</li>" in pages["da"]
    assert "<li>Sprog: Dansk</li>" in pages["da"]
    assert "<li>Account is open: Yes</li>" in pages["en"]
    for page in pages.values():
        assert "_" not in "".join(re.findall(r"<li>([^:]*):", page))
        assert not re.search(r"\d{4}-\d\d-\d\dT", page)


@pytest.mark.django_db
def test_the_file_of_somebody_who_did_a_lot():
    here = world()
    others = {one.name for one in User.objects.exclude(pk=here.person.pk) if len(one.name) > 3}
    with zipfile.ZipFile(BytesIO(archive.pack(gather(here.person), here.person))) as packed:
        data = json.loads(packed.read("data.json"))
        page = packed.read("data.html").decode()
    assert data["account"]["email"] == here.person.email
    assert all(data[name] for name in ("events", "did", "privilege_user"))
    assert "password" not in data["account"]
    assert [name for name in others if name in page] == []
    assert "<script" not in page


def test_documents_that_the_person_uploaded_are_in_it(person):
    from organisations.keeping import keep

    blob = keep(b"%PDF fuldmagt", media_type="application/pdf", filename="fuldmagt.pdf")
    request = row(AccessRequest, {}, requester_id=person.pk)
    row(Documentation, {}, request_id=request.pk, blob_id=blob.pk, preview_id=None)
    with zipfile.ZipFile(BytesIO(archive.pack(gather(person), person))) as packed:
        assert packed.read("documents/1-fuldmagt.pdf") == b"%PDF fuldmagt"


def test_events_about_others_keep_their_names(person):
    from organisations import departing

    org = organisation()
    boss = user_with(PrivilegeType.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Bodil Chef")
    leaver = user_with(PrivilegeType.READER, organisation=org, name="Lars Rejser")
    from organisations.callers import Channel

    caller = Caller(user=boss, channel=Channel.WEB, request_id="r")
    departing.depart(caller=caller, organisation=org, user=leaver)
    told = json.dumps(gather(boss).as_json())
    assert Tag.PERSON_DEPARTED in told
    assert "Lars Rejser" not in told
    assert "Bodil Chef" not in json.dumps(gather(leaver).as_json())


# --- The page ---


@pytest.fixture
def inside(client, person):
    client.force_login(person)
    session = client.session
    session["proven_at"] = timezone.now().isoformat()
    session.save()
    return client


def carried_out(person):
    job = Job.objects.get(kind=exporting.KIND, requested_by=person)
    jobs.carry_out(jobs.claim(job.pk))
    return Job.objects.get(pk=job.pk)


def test_a_fresh_proof_is_asked_for(client, person):
    client.force_login(person)
    job = row(Job, {}, kind=exporting.KIND, requested_by_id=person.pk)
    for answer in (client.get(reverse("person_data")), client.post(reverse("person_data_take", args=[job.pk]))):
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("identity_prove"))


def test_it_is_made_and_taken_once(inside, person):
    inside.post(reverse("person_data"))
    inside.post(reverse("person_data"))
    job = carried_out(person)
    assert "download" in inside.get(reverse("person_data")).content.decode()
    take = reverse("person_data_take", args=[job.pk])
    answer = inside.post(take)
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert zipfile.ZipFile(BytesIO(answer.content)).namelist() == ["data.json", "data.html"]
    assert inside.post(take).status_code == 302
    assert not Blob.objects.exists()
    assert Event.objects.filter(tag=Tag.PERSON_DATA_EXPORTED, object_id=person.pk).count() == 1


def test_it_is_not_asked_for_or_taken_by_get(inside, person):
    inside.get(reverse("person_data"))
    assert not Job.objects.exists()
    assert inside.get(reverse("person_data_take", args=[row(Job, {}).pk])).status_code == 405


def test_nobody_takes_anothers(inside, person, client):
    stranger = user()
    exporting.begin(caller=Caller.command("test"), user=stranger)
    Job.objects.update(requested_by=stranger)
    job = carried_out(stranger)
    assert inside.post(reverse("person_data_take", args=[job.pk])).status_code == 302
    assert Blob.objects.exists()


def test_it_is_gone_after_a_day(inside, person):
    inside.post(reverse("person_data"))
    job = carried_out(person)
    later = job.finished + exporting.KEEP
    assert exporting.expire(at=later) == 0
    assert exporting.take(user=person, job_id=job.pk, at=later + dt.timedelta(seconds=1)) is None
    assert exporting.expire(at=later + dt.timedelta(seconds=1)) == 1
    assert not Blob.objects.exists()


def test_it_goes_with_the_person(inside, person):
    inside.post(reverse("person_data"))
    carried_out(person)
    erasing.erase(caller=Caller.command("test"), user=person)
    assert not Blob.objects.exists()


def test_no_query_for_each_row(person, django_assert_max_num_queries):
    for _ in range(20):
        row(Mail, {}, to=person.email)
    with django_assert_max_num_queries(85):
        gather(person)


# --- The command ---


def test_the_operator_takes_it_for_somebody_who_cannot_log_in(person, tmp_path):
    out, path = StringIO(), tmp_path / "karen.zip"
    call_command("export_person", "Karen@example.org", str(path), "--reason", "Bad om det med NemID", stdout=out)
    assert zipfile.is_zipfile(path)
    assert path.stat().st_mode & 0o777 == 0o600
    event = Event.objects.get(tag=Tag.PERSON_DATA_EXPORTED)
    assert json.loads(event.payload)["reason"] == "Bad om det med NemID"
    with pytest.raises(CommandError):  # nothing is written over
        call_command("export_person", "karen@example.org", str(path), "--reason", "Igen")


@pytest.mark.parametrize(("email", "reason"), [("nobody@example.org", "x"), ("karen@example.org", " ")])
def test_it_needs_a_person_and_a_reason(person, tmp_path, email, reason):
    with pytest.raises(CommandError):
        call_command("export_person", email, str(tmp_path / "x.zip"), "--reason", reason)
    assert not (tmp_path / "x.zip").exists()
