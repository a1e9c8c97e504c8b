"""The table of the keys of a system: every field of a system stands in the file, or is left out for a reason."""

from adgang.setup.system_keys import KEYS, Stated
from systems.models import System

# What a file does not say, and why.
LEFT_OUT = {
    "id": "written beside the name",
    "name": "the word that the entry begins with",
    "organisation": "the file is one organisation's",
    "version": "counts changes",
    "created": "a time of this installation",
    "updated": "a time of this installation",
}


def test_every_field_has_its_key_or_is_left_out_for_a_reason():
    told = System(is_sender=True, is_recipient=True)
    asked = set()

    class Asked:
        def __getattr__(self, name):
            asked.add(name)
            return getattr(told, name)

    for key in KEYS.values():
        key.of(Asked(), [])
    asked.remove("_state")  # where the standard system is, a row of its own
    assert asked | set(LEFT_OUT) == {field.name for field in System._meta.concrete_fields}


def test_a_key_that_is_left_out_means_the_default_of_the_field():
    stated, fresh = Stated(System(), [], {}), System()
    for key in KEYS.values():
        key.fill(stated, key.empty)
    for field in System._meta.concrete_fields:
        if field.name not in LEFT_OUT:
            assert getattr(stated.system, field.attname) == getattr(fresh, field.attname), field.name
