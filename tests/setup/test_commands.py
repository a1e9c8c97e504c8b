"""export_setup, plan_setup and apply_setup: what they print, and their exit codes."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import contacts

pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(authority, tmp_path, capsys):
    def export(*arguments):
        call_command("export_setup", authority.organisation.cvr_number, *arguments)
        path = tmp_path / "opsætning.yml"
        path.write_text(capsys.readouterr().out, encoding="utf-8")
        return path

    return export


def run(*arguments):
    """Return the exit code of a command."""
    try:
        call_command(*map(str, arguments))
    except CommandError as error:
        return error.returncode
    except SystemExit as end:
        return end.code
    return 0


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_no_difference(exported, capsys):
    assert run("plan_setup", exported()) == 0
    assert "(+ 0, ~ 0, > 0, - 0)" in capsys.readouterr().out


def test_a_difference_is_shown_and_carried_out(authority, exported, capsys):
    path = exported()
    edit(path, "replyDays: 14", "replyDays: 21")
    assert run("plan_setup", path) == 3
    said = capsys.readouterr().out
    assert "~ letterType Afgørelse" in said
    assert "replyDays: '14' → '21'" in said
    digest = authority.plan(path.read_text(encoding="utf-8")).digest
    assert digest in said
    assert run("apply_setup", path, "--plan", "x" * 64) == 1
    assert run("apply_setup", path, "--plan", digest) == 0
    assert authority.organisation.letter_types.get(name="Afgørelse").reply_days == 21
    assert run("plan_setup", path) == 0


def test_as_json(authority, exported, capsys):
    path = exported("--section", "contactStructure")
    assert "systems:" not in path.read_text(encoding="utf-8")
    contacts.group("Tilkommet", organisation=authority.organisation)
    assert run("plan_setup", path, "--json") == 3
    plan = json.loads(capsys.readouterr().out)
    assert [(one["act"], one["name"]) for one in plan["changes"]] == [("removed", "Tilkommet")]


def test_faults(authority, exported, capsys):
    path = exported()
    edit(path, "replyDays: 14", "replyDays: mange")
    assert run("plan_setup", path) == 1
    said = capsys.readouterr().err
    assert "replyDays" in said
    assert "[value.number]" in said
    assert run("apply_setup", path) == 1
    assert run("plan_setup", path, "--json") == 1


def test_wrong_usage(authority, exported, tmp_path):
    path = exported()
    assert run("plan_setup", tmp_path / "ingen.yml") == 2
    assert run("export_setup", "12345678") == 2
    edit(path, authority.organisation.cvr_number, "12345678")
    assert run("plan_setup", path) == 2
    path.write_text("a: [", encoding="utf-8")
    assert run("plan_setup", path) == 1


def test_carried_to_another_organisation(authority, exported, empty):
    path = exported("--carry")
    other = empty()
    assert run("plan_setup", path, "--cvr", other.organisation.cvr_number) == 3
    assert run("apply_setup", path, "--cvr", other.organisation.cvr_number) == 0
    assert other.organisation.contact_points.count() == authority.organisation.contact_points.count()


def test_against_saved_answers_of_the_registry(authority, tmp_path, capsys):
    group = authority.organisation.contact_groups.get(name="Ydelser")
    registry_id = "11111111-2222-4333-8444-555555555555"
    type(group).objects.filter(pk=group.pk).update(registry_id=registry_id)
    answer = tmp_path / "contact-groups.json"
    told = {"id": registry_id, "name": "Ydelser og tilskud", "organisationalUnit": False}
    answer.write_text(json.dumps({"contactGroups": [told]}), encoding="utf-8")
    text = authority.text
    assert run("plan_setup", authority.organisation.cvr_number, "--against", answer) == 3
    assert "'Ydelser' → 'Ydelser og tilskud'" in capsys.readouterr().out
    assert authority.text == text  # nothing was done
    answer.write_text("[]", encoding="utf-8")
    assert run("plan_setup", authority.organisation.cvr_number, "--against", answer) in (0, 1)
    assert run("plan_setup", authority.organisation.cvr_number, "--against", tmp_path / "ingen.json") == 2
