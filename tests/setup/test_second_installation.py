"""The demo municipality carried from its test installation to another one, in production: with a database, files and
keys of its own, by the commands that people use."""

import json
import re

import pytest
import yaml
from django.core.management import call_command

from adgang.demo import world
from certificates.models import SshKey
from organisations.models import Organisation
from tests.factories import demo
from tests.servers.installation import installation

pytestmark = pytest.mark.django_db

CVR = "99000011"
# What stands in production before: the organisation with its terms, a key that was uploaded, and a group that bears
# another name than in the test.
PREPARE = f"""
from tests.factories import certificates, contacts, organisations
authority = organisations.organisation(name="Eksempelkøbing Kommune", cvr_number="{CVR}")
print(certificates.ssh_key(organisation=authority).fingerprint)
print(contacts.group("Et gammelt navn", organisation=authority).pk)
"""
LEFT_THERE = {"id", "registryId", "activeFrom", "activeTo", "standardSystemTemplate", "certificate", "nextCertificate"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def run(production, *arguments, code=0):
    """Run a command in the other installation and return what it printed."""
    done = production.manage(*map(str, arguments))
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def names(entries, path=""):
    """Yield (id, path of names) of everything in a section."""
    for entry in entries:
        name = f"{path}/{next(iter(entry.values()))}"
        if "id" in entry:
            yield entry["id"], name
        yield from names(entry.get("contents", ()), name)


def told(text, rules=None):
    """Return what a file says, with names for ids, and with what the rules make of it."""
    sections = {key: value for key, value in yaml.safe_load(text).items() if isinstance(value, list)}
    known = dict(pair for entries in sections.values() for pair in names(entries))
    keys = rules["credentials"] if rules else {}

    def plain(value):
        match value:
            case dict():
                kept = {key: plain(one) for key, one in value.items() if key not in LEFT_THERE}
                return {key: one for key, one in kept.items() if one not in ({}, None)}
            case list():
                return [plain(one) for one in value]
            case str() if UUID.fullmatch(value):
                return known.get(value, "gone")
            case str() if rules:
                new = rules["addresses"].get(value, value)
                return re.sub(r"(?<=[@/])([\w.-]+)", lambda found: rules["hosts"].get(found[1], found[1]), new)
        return value

    for system in sections["systems"]:
        system.get("sftp", {}).pop("hostKey", None)
        for name in ("key", "nextKey", "keyUntil"):
            if value := system.get("ssh", {}).pop(name, None):
                system["ssh"] |= {name: new} if (new := keys.get(value, "" if rules else value)) else {}
        for place in ("sftp", "smtpRelay"):
            if rules and "host" in system.get(place, {}):
                system[place]["host"] = rules["hosts"].get(system[place]["host"], system[place]["host"])
    sections["roles"] = [entry for entry in sections["roles"] if "organisation" not in entry]
    return plain(sections)


def test_the_demo_municipality_is_carried_to_production(settings, monkeypatch, tmp_path, capsys):
    demo.enter(settings, monkeypatch, tmp_path / "test")
    world.make()
    capsys.readouterr()
    call_command("export_setup", CVR, "--carry")
    exported = capsys.readouterr().out
    (tmp_path / "production").mkdir()
    networks = ",".join(settings.ADGANG_CHECK_ALLOWED_NETWORKS)
    variables = {"ADGANG_ENVIRONMENT": "production", "ADGANG_CHECK_ALLOWED_NETWORKS": networks}
    with installation(tmp_path / "production", **variables) as production:
        fingerprint, group = run(production, "shell", "--no-imports", "-c", PREPARE).split()
        text, rules = with_rules(exported, fingerprint=fingerprint, group=group)
        path = tmp_path / "opsaetning.yml"
        path.write_text(text, encoding="utf-8")
        plan = json.loads(run(production, "plan_setup", path, "--json", code=3))
        assert not plan["refused"]
        # Nobody and nothing of the test is there; what belongs to the test is left there.
        assert {one["code"] for one in plan["findings"]} == {
            "setup.delegations_left",
            "setup.hosts_kept",
            "setup.point_gone",
            "setup.template_unknown",
        }
        assert {one["kind"]: one["act"] for one in plan["changes"] if one["kind"] != "group"} == dict.fromkeys(
            ("system", "point", "letterType", "userGroup", "invitation"), "added"
        )
        renamed = [one for one in plan["changes"] if one["kind"] == "group" and one["act"] == "changed"]
        assert [(one["id"], one["name"]) for one in renamed] == [(group, "Borgerservice")]
        run(production, "apply_setup", path, "--plan", plan["digest"])
        there = run(production, "export_setup", CVR)
    assert told(there) == told(text, rules)


def with_rules(exported, *, fingerprint, group):
    """Return the file with its rules filled in for production, and the rules."""
    rules = yaml.safe_load(exported)["carry"]
    rules["hosts"] = {host: host.replace(".invalid", ".example") for host in rules["hosts"]}
    rules["addresses"] = {"nynne@demo.adgang.invalid": "nynne.nyansat@kommune.example"}
    key = SshKey.objects.filter(systems__organisation__cvr_number=CVR).first().fingerprint
    rules["credentials"][key] = fingerprint
    was = Organisation.objects.get(cvr_number=CVR).contact_groups.get(name="Borgerservice", parent=None)
    rules["ids"] = {str(was.pk): group}
    # The demo's vendor bears a number that no register would give.
    exported = re.sub(r"\n  delegatedCVR: .*", "", exported)
    start, end = exported.index("\ncarry:"), exported.index("\n\n", exported.index("\ncarry:"))
    return exported[:start] + "\n" + yaml.safe_dump({"carry": rules}, allow_unicode=True) + exported[end:], rules
