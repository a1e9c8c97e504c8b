"""Two people saved the same thing: the page shows both and loses neither."""

import pytest
from django import forms as django_forms
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import translation

from adgang.lib import forms
from adgang.lib.conflicts import Row, conflict_response, rows
from organisations.models import Organisation
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


class OrganisationForm(forms.VersionedForm, forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "authority_type", "contactable"]


SENT = {"name": "Mine", "authority_type": "REGION", "contactable": "on", "version": "1"}


def bound(instance: Organisation, sent=SENT) -> OrganisationForm:
    form = OrganisationForm(sent, instance=instance)
    assert form.is_valid(), form.errors
    return form


def changed() -> tuple[OrganisationForm, Organisation]:
    made = organisation(name="Before", accepted=False)
    form = bound(made)
    Organisation.objects.filter(pk=made.pk).update(name="Theirs", version=2)
    return form, Organisation.objects.get(pk=made.pk)


def conflict(form, current, sent=SENT, files=None):
    request = RequestFactory().post("/o/1/organisation/", {**sent, **(files or {})})
    request.user = AnonymousUser()
    return conflict_response(request, form, current)


def test_the_form_carries_the_version():
    form = OrganisationForm(instance=organisation(accepted=False))
    assert '<input type="hidden" name="version" value="1" id="id_version">' in str(form)
    assert bound(organisation(accepted=False)).version == 1


@pytest.mark.parametrize("version", ["", "x", "0", None])
def test_a_form_without_a_version_is_refused(version):
    sent = {**SENT, "version": version} if version is not None else {k: v for k, v in SENT.items() if k != "version"}
    form = OrganisationForm(sent, instance=organisation(accepted=False))
    assert list(form.errors) == ["version"]
    assert [text.partition(":")[0] for _target, text in form.faults()] == ["Version"]


def test_rows_are_in_words():
    form, current = changed()
    assert list(rows(form, current)) == [
        Row("Name", "Theirs", "Mine"),
        Row("Kind of authority", "Municipality", "Region"),
        Row("Wants to be written to", "Yes", "Yes"),
    ]
    assert [row.differs for row in rows(form, current)] == [True, True, False]


def test_the_page_offers_to_start_anew_and_to_save_on_top():
    form, current = changed()
    answer = conflict(form, current)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "<h1>Somebody else has saved changes</h1>" in html
    assert '<a class="button button-primary" href="/o/1/organisation/">' in html
    assert '<input type="hidden" name="name" value="Mine">' in html
    assert '<input type="hidden" name="version" value="2">' in html
    assert 'name="version" value="1"' not in html


def test_what_was_deleted_can_still_be_copied():
    form, _current = changed()
    html = conflict(form, None).content.decode()
    assert "somebody else deleted it" in html
    assert "Mine" in html
    assert "Theirs" not in html
    assert 'name="name"' not in html


def test_what_was_written_is_escaped():
    made = organisation(name="Before", accepted=False)
    sent = {**SENT, "name": "<script>"}
    assert "<script>" not in conflict(bound(made, sent), made, sent).content.decode()


class SecretForm(OrganisationForm):
    password = django_forms.CharField(widget=django_forms.PasswordInput)
    file = django_forms.FileField(required=False)


def test_passwords_and_files_never_come_back():
    made = organisation(name="Before", accepted=False)
    sent = {**SENT, "password": "hemmelig"}
    form = SecretForm(sent, {"file": SimpleUploadedFile("a", b"x")}, instance=made)
    assert form.is_valid()
    html = conflict(form, made, sent, {"file": SimpleUploadedFile("a", b"x")}).content.decode()
    assert "hemmelig" not in html
    assert "Save mine over it" not in html
    assert "Files and passwords are not carried over" in html
