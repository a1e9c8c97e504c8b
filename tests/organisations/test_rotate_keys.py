"""Kept values are encrypted anew with the first key, and nothing is lost on the way."""

import base64
import os
from io import StringIO

import pytest
from django.core.management import call_command

from adgang.lib import secrets
from adgang.lib.key_rotation import encrypted_fields, rotate
from organisations.keeping import keep
from organisations.models import Blob


def key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def test_a_value_moves_to_the_first_key_and_the_old_one_can_go(db, settings):
    old, new = key(), key()
    settings.ADGANG_FIELD_KEYS = [old]
    kept = keep(b"hemmeligt", media_type="text/plain", filename="brev.txt")
    settings.ADGANG_FIELD_KEYS = [new, old]
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    settings.ADGANG_FIELD_KEYS = [new]
    assert Blob.objects.get(pk=kept.pk).content() == b"hemmeligt"
    assert rotate().already == 1
    assert out.getvalue().startswith("1 ")


def test_what_no_key_opens_is_named_and_left_alone(db, settings):
    settings.ADGANG_FIELD_KEYS = [key()]
    kept = keep(b"tabt", media_type="text/plain", filename="tabt.txt")
    before = bytes(kept.encrypted)
    settings.ADGANG_FIELD_KEYS = [key()]
    err = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("rotate_keys", stdout=StringIO(), stderr=err)
    assert (ended.value.code, str(kept.pk) in err.getvalue()) == (1, True)
    assert bytes(Blob.objects.get(pk=kept.pk).encrypted) == before


def test_a_value_that_was_moved_to_another_row_is_not_opened(settings):
    settings.ADGANG_FIELD_KEYS = [key()]
    kept = secrets.encrypt(b"hemmeligt", row="blob:1")
    assert secrets.decrypt(kept, row="blob:1") == b"hemmeligt"
    with pytest.raises(secrets.UnreadableSecret):
        secrets.decrypt(kept, row="blob:2")


def test_every_encrypted_column_takes_part():
    """A binary column called `encrypted…` that its model does not list would be lost with the old key."""
    from django.apps import apps
    from django.db.models import BinaryField

    columns = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField) and "encrypted" in field.name
    }
    assert columns == {(model, name) for model, name, _ in encrypted_fields()}
