"""Faults planted in messages drawn at random, of both versions: each is found by its code and nothing else.

The verdict is lxml's, too, wherever the schema speaks: of what was drawn, and of every mutant.
"""

import copy
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from memo.elements import NAMESPACES, ROOT, Type, Version
from tests.factories.messages import OWN, check, full, written
from tests.memo.test_building import elements
from tests.memo.test_structure import OF_THE_SCHEMA, child_of, name_of, schema

pytestmark = pytest.mark.once

MEMO = f"{{{NAMESPACES['memo']}}}"


def verdict(data, version):
    """Return how often each code was found, and see to it that our verdict is the schema's wherever it speaks."""
    report = check(data)
    errors = [one for one in report.findings if one.severity == "error" and one.code in OF_THE_SCHEMA]
    assert (not errors) is schema(version).validate(etree.fromstring(data)), (data, report.findings)
    return Counter(one.code for one in report.findings if one.severity != "info")


def has_type(*types):
    return lambda one, version: not len(one) and child_of(one, version).type in types and name_of(one) not in OWN


def alone(one, version):
    return child_of(one, version).occurs(version)[0] and len(one.getparent().findall(one.tag)) == 1


def limited(one, version):
    return child_of(one, version).occurs(version)[1]


def parent(one, version):
    return len(one) > 0


def leaf(one, version):
    # An element that may hold others is no leaf when it happens to be empty.
    return child_of(one, version).type is not Type.COMPLEX


def followed_by_another(one, version):
    return one.getnext() is not None and one.getnext().tag != one.tag


def written_as(text):
    def write(one, version):
        one.text = text

    return write


def misspell(one, version):
    one.tag += "X"


def repeat(one, version):
    for _ in range(child_of(one, version).occurs(version)[1]):
        one.addnext(copy.deepcopy(one))


# What is done, to which elements, and the code by which it is found.
FAULTS = {
    "memo.element.missing": (alone, lambda one, version: one.getparent().remove(one)),
    "memo.element.many": (limited, repeat),
    "memo.element.order": (followed_by_another, lambda one, version: one.getnext().addnext(one)),
    "memo.element.unknown": (parent, lambda one, version: etree.SubElement(one, f"{MEMO}Fremmed")),
    "memo.element.misspelt": (lambda one, version: len(etree.QName(one).localname) > 3, misspell),
    "memo.element.in_text": (leaf, lambda one, version: etree.SubElement(one, one.tag)),
    "memo.text.unexpected": (parent, written_as("her")),
    "memo.attribute.unknown": (lambda one, version: True, lambda one, version: one.set("lang", "da")),
    "memo.value.long": (has_type(Type.TEXT, Type.COMMENT, Type.NOTIFICATION), written_as("æ" * 600)),
    "memo.value.time": (has_type(Type.TIME), written_as("2026-02-29T13:05:00Z")),
    "memo.value.time_zone": (has_type(Type.TIME), written_as("2026-11-23T13:05:00+01:00")),
    "memo.value.date": (has_type(Type.DATE), written_as("23-11-2026")),
    "memo.value.boolean": (has_type(Type.BOOLEAN), written_as("ja")),
    "memo.value.uuid": (has_type(Type.UUID), written_as("8f1c0f2e-3c5b-1f6a-9d7e-1a2b3c4d5e6f")),
    "memo.value.number": (has_type(Type.GLN, Type.PNUMBER), written_as("et")),
    "memo.value.choice": (has_type(Type.MESSAGE_TYPE), written_as("BREV")),
}


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.sampled_from(list(Version)), st.randoms(use_true_random=False))
def test_each_planted_fault_is_found_and_nothing_else(data, version, chance: random.Random):
    made = data.draw(elements(ROOT, version))
    if made.message_body is None:
        made = replace(made, message_body=full(version).message_body)
    content = written(made)
    before = verdict(content, version)
    assert not (before.keys() & OF_THE_SCHEMA) - WARNED
    for code, (where, plant) in FAULTS.items():
        root = etree.fromstring(content)
        places = [one for one in root.iter() if one.getparent() is not None and where(one, version)]
        if not places:
            continue
        chosen = chance.choice(places)
        place = root.getroottree().getpath(chosen)
        plant(chosen, version)
        after = verdict(etree.tostring(root, xml_declaration=True, encoding="UTF-8"), version)
        # What was remarked upon before stands there twice where an element does.
        added = {one: count for one, count in after.items() if one not in before}
        assert added == {code: 1}, (place, after, before)


# What is right by the schema and remarked upon.
WARNED = {"memo.value.empty", "memo.value.form", "memo.value.unknown_language", "memo.value.notification_long"}
