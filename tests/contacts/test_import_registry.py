"""Saved answers of the registry become registrations here."""

import json
import uuid

import pytest
from django.core.management import CommandError, call_command

from contacts.drafts import publishing
from contacts.models import ContactGroup, ContactPoint, Draft
from contacts.registry_importing import import_registry
from organisations.models import Event
from systems.models import System
from tests.contacts.people import authority, url
from tests.factories import contacts
from tests.factories.contacts import CALLER, names_below
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db

SYSTEM, GROUP, BELOW, POINT = (str(uuid.UUID(int=number)) for number in range(1, 5))
ZERO = str(uuid.UUID(int=0))


def system_document(**changed):
    return {
        "id": SYSTEM,
        "name": "Post ind",
        "serviceProtocol": "REST_PULL",
        "systemTypes": ["RECIPIENT"],
        "activeFrom": "2024-03-01T08:00:00Z",
    } | changed


def group_document(**changed):
    return {"id": GROUP, "name": "Borger", "organisationalUnit": False, "postkasseIds": [12, 12, 34]} | changed


def below_document(**changed):
    parent = {"id": GROUP, "name": "Borger", "organisationalUnit": False}
    return {"id": BELOW, "name": "Ydelser", "organisationalUnit": True, "parent": parent} | changed


def point_document(**changed):
    return {
        "id": POINT,
        "version": 7,
        "name": " Kontant \n hjælp ",
        "description": "Om\r\npenge",
        "internalDescription": None,
        "targets": ["CITIZEN", "AUTHORITY"],
        "memoSizeThresholdMB": 12.5,
        "allowedNumberOfAttachments": 0,
        "active": True,
        "visible": False,
        "reportLink": {"id": ZERO, "label": "Selv", "externalLink": "https://example.dk"},
        "systemId": SYSTEM,
        "contactPointCodes": [
            {"type": "KLE", "code": "32.24.04", "codeVersion": "2024", "name": "Kontant"},
            {"type": "CUSTOM", "code": "B", "contactPointCodeTypeName": "Afdeling"},
            {"type": "UNKNOWN", "code": ""},
        ],
        "contactGroups": [{"id": BELOW}],
        "recommendedAttributes": [{"name": "Sagsnummer"}],
        "searchTerms": [{"term": "penge"}, {"term": "Penge"}, {"term": ""}],
        "translations": [{"postkasseId": 1, "postkasseEmneId": 2}],
    } | changed


def files(**kinds):
    """Saved answers, each a search result with its paging."""
    names = {"systems": "systems", "groups": "contactGroups", "points": "contactPoints"}
    return {
        f"{kind}.json": json.dumps({names[kind]: found, "totalElements": len(found), "currentPage": 0}).encode()
        for kind, found in kinds.items()
    }


def everything():
    return files(systems=[system_document()], groups=[below_document(), group_document()], points=[point_document()])


def take(org, given, **options):
    return import_registry(caller=CALLER, organisation=org, files=given, **options)


def codes(done):
    return [(one.file, one.finding.code) for one in done.noted]


def test_everything_at_once():
    org = organisation()
    done = take(org, everything())
    assert codes(done) == []
    group, below, point = (
        ContactGroup.objects.get(name="Borger"),
        ContactGroup.objects.get(name="Ydelser"),
        ContactPoint.objects.get(),
    )
    assert (group.registry_id, group.postkasse_ids, below.parent, below.organisational_unit) == (
        uuid.UUID(GROUP),
        [12, 34],
        group,
        True,
    )
    assert names_below(org, below) == ["Kontant hjælp"]
    assert (point.registry_id, point.description, point.active, point.visible) == (
        uuid.UUID(POINT),
        "Om\npenge",
        True,
        False,
    )
    assert (point.for_citizens, point.for_companies, point.for_authorities) == (True, False, True)
    assert (str(point.memo_size_threshold_mb), point.allowed_number_of_attachments) == ("12.50", 0)
    assert point.system == System.objects.get(registry_id=SYSTEM)
    assert [term.term for term in point.search_terms.all()] == ["penge"]
    assert [(code.type, code.code, code.type_name) for code in point.codes.all()] == [
        ("KLE", "32.24.04", ""),
        ("CUSTOM", "B", "Afdeling"),
    ]
    assert point.id != point.registry_id
    tags = list(Event.objects.filter(organisation_id=org.pk).order_by("seq").values_list("tag", flat=True))
    assert tags == ["SYSTEM_CREATED", "REGISTRY_IMPORTED"]


def test_the_same_answers_again_change_nothing():
    org = organisation()
    take(org, everything())
    before = Event.objects.count()
    done = take(org, everything())
    assert {kind: dict(tally) for kind, tally in done.tally.items()} == {
        "systems": {"unchanged": 1},
        "groups": {"unchanged": 2},
        "points": {"unchanged": 1},
    }
    assert Event.objects.count() == before
    assert ContactPoint.objects.get().version == 1


def test_what_changed_there_changes_here_and_what_is_absent_is_left_alone():
    org = organisation()
    take(org, everything())
    mine = contacts.point("Mit eget", organisation=org, system=System.objects.get())
    given = files(points=[point_document(name="Nyt navn", contactGroups=[])])
    done = take(org, given)
    assert codes(done) == []
    assert sorted(names_below(org)) == ["Borger", "Mit eget", "Nyt navn"]
    assert ContactPoint.objects.get(pk=mine.pk).version == 1
    assert ContactPoint.objects.get(registry_id=POINT).version == 2


def test_a_dry_run_writes_nothing():
    org = organisation()
    done = take(org, everything(), dry_run=True)
    assert not done.refused
    assert (System.objects.count(), ContactGroup.objects.count(), ContactPoint.objects.count()) == (0, 0, 0)
    assert not Event.objects.filter(organisation_id=org.pk).exists()


def test_all_faults_are_named_and_nothing_is_written():
    org = organisation()
    given = files(
        systems=[system_document(serviceProtocol="PIGEON")],
        groups=[group_document(id=None), below_document(parent={"id": ZERO.replace("0", "9")})],
        points=[point_document(name=""), "nonsense", point_document(id="x")],
    ) | {"broken.json": b"{", "other.json": b'{"a": 1}'}
    done = take(org, given)
    assert done.refused
    assert {code for _file, code in codes(done)} >= {
        "system.import_protocol",
        "registry.no_id",
        "registry.parent_missing",
        "registry.system_missing",
        "registry.not_object",
        "registry.not_json",
    }
    assert [code for file, code in codes(done) if file == "broken.json"] == ["registry.not_json"]
    assert not ContactGroup.objects.exists()


def test_names_that_our_tables_cannot_hold_refuse():
    org = organisation()
    done = take(org, everything() | files(points=[point_document(name="x" * 201)]))
    assert ("points.json", "value.long") in codes(done)
    assert not ContactPoint.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"allowedNumberOfAttachments": 2**40},
        {"memoSizeThresholdMB": 1e9},
        {"searchTerms": [{"term": str(number)} for number in range(1001)]},
    ],
)
def test_figures_that_our_tables_cannot_hold_refuse(changed):
    org = organisation()
    assert take(org, everything() | files(points=[point_document(**changed)])).refused
    assert not ContactPoint.objects.exists()


def test_what_no_database_can_keep_is_dropped():
    org = organisation()
    take(org, everything() | files(points=[point_document(name="Pas\x00\ud800", description="\udfff")]))
    assert (ContactPoint.objects.get().name, ContactPoint.objects.get().description) == ("Pas", "")


def test_what_the_registry_allows_itself_is_taken_and_said():
    org = organisation()
    odd = point_document(contactPointCodes=[{"type": "KLE", "code": "gammel"}], reportLink={"externalLink": "intet"})
    done = take(org, everything() | files(points=[odd]))
    assert codes(done) == [("points.json", "registry.kept_as_is")] * 2
    assert ContactPoint.objects.get().codes.get().code == "GAMMEL"


def test_groups_told_of_inside_others_are_enough():
    org = organisation()
    point = point_document(contactGroups=[below_document()])
    done = take(org, files(systems=[system_document()], points=[point]))
    assert codes(done) == []
    assert names_below(org) == ["Borger"]
    # A group of its own wins over what others say of it, and what was nested changes nothing any more.
    take(org, files(groups=[group_document(name="Borgere")]))
    take(org, files(points=[point]))
    assert names_below(org) == ["Borgere"]


def test_a_cycle_is_named():
    org = organisation()
    one = {"id": GROUP, "name": "A", "organisationalUnit": False, "parent": {"id": BELOW}}
    other = {"id": BELOW, "name": "B", "organisationalUnit": False, "parent": {"id": GROUP}}
    done = take(org, files(groups=[one, other]))
    assert [code for _file, code in codes(done)] == ["registry.cycle"] * 2


def test_missing_pages_are_remarked_upon():
    org = organisation()
    given = {"groups.json": json.dumps({"contactGroups": [group_document()], "totalElements": 5}).encode()}
    done = take(org, given)
    assert codes(done) == [("", "registry.pages_missing")]
    assert ContactGroup.objects.count() == 1


def test_what_differs_between_files_is_named():
    org = organisation()
    given = {
        "a.json": json.dumps([group_document()]).encode(),
        "b.json": json.dumps([group_document(name="Andet")]).encode(),
    }
    assert codes(take(org, given)) == [("b.json", "registry.twice")]


def test_what_was_set_up_here_beforehand_is_linked():
    org = authority()
    group = contacts.group("Borger", organisation=org)
    below = contacts.group("Ydelser", parent=group)
    point = contacts.point("Kontant hjælp", groups=[below])
    done = take(org, everything())
    assert sorted(code for _file, code in codes(done)) == ["registry.linked"] * 3
    point.refresh_from_db()
    group.refresh_from_db()
    assert (point.registry_id, group.registry_id) == (uuid.UUID(POINT), uuid.UUID(GROUP))
    assert ContactPoint.objects.count() == 1


def test_where_this_is_the_registry_ids_are_kept_as_they_are(settings):
    settings.ADGANG_IS_REGISTRY = True
    take(organisation(), everything())
    assert ContactPoint.objects.get().pk == uuid.UUID(POINT)


def test_nothing_set_as_generated_clients_write_it():
    org = organisation()
    unset = {
        "id": POINT,
        "name": "Pas",
        "description": None,
        "targets": None,
        "memoSizeThresholdMB": 0,
        "active": False,
        "visible": False,
        "reportLink": None,
        "systemId": SYSTEM,
        "contactPointCodes": None,
        "contactGroups": None,
        "recommendedAttributes": None,
        "searchTerms": None,
        "translations": None,
    }
    assert codes(take(org, files(systems=[system_document()], points=[unset]))) == []
    point = ContactPoint.objects.get()
    assert (point.memo_size_threshold_mb, point.allowed_number_of_attachments) == (None, None)
    assert names_below(org) == ["Pas"]


def test_the_command(tmp_path, capsys):
    org = organisation()
    paths = []
    for name, content in everything().items():
        paths.append(str(tmp_path / name))
        (tmp_path / name).write_bytes(content)
    call_command("import_registry", org.cvr_number, *paths, "--dry-run")
    assert "Kontaktpunkter: 1 oprettet" in capsys.readouterr().out
    assert not ContactPoint.objects.exists()
    call_command("import_registry", org.cvr_number, *paths)
    assert ContactPoint.objects.count() == 1
    (tmp_path / "bad.json").write_text("[]{")
    with pytest.raises(CommandError) as error:
        call_command("import_registry", org.cvr_number, str(tmp_path / "bad.json"))
    assert error.value.returncode == 1
    assert "bad.json: Filen er ikke et svar fra registeret. [registry.not_json]" in capsys.readouterr().err
    with pytest.raises(CommandError) as error:
        call_command("import_registry", org.cvr_number, str(tmp_path / "none.json"))
    assert error.value.returncode == 2


# --- Into a draft ---


def test_the_difference_against_the_registry_is_a_draft():
    org = organisation()
    take(org, everything())
    changed = files(groups=[group_document(name="Borgere")], points=[point_document(name="Nyt navn")])
    done = take(org, changed, draft_name="Forskelle")
    assert done.draft.name == "Forskelle"
    assert done.draft.changes.count() == 2
    assert set(ContactGroup.objects.values_list("name", flat=True)) == {"Borger", "Ydelser"}
    publishing.publish(caller=CALLER, draft=done.draft)
    assert set(ContactGroup.objects.values_list("name", flat=True)) == {"Borgere", "Ydelser"}
    assert ContactPoint.objects.get().name == "Nyt navn"


def test_systems_have_no_drafts_and_what_is_new_has_places():
    org = organisation()
    done = take(org, everything(), draft_name="Fra Digital Post")
    assert System.objects.get().name == "Post ind"
    assert not ContactGroup.objects.exists()
    publishing.publish(caller=CALLER, draft=done.draft)
    assert names_below(org, ContactGroup.objects.get(name="Ydelser")) == ["Kontant hjælp"]
    again = take(org, everything(), draft_name="Igen")
    assert again.draft.changes.count() == 0


def test_the_command_tells_where_the_draft_is(tmp_path, capsys):
    org = authority()
    paths = []
    for name, content in everything().items():
        (tmp_path / name).write_bytes(content)
        paths.append(str(tmp_path / name))
    call_command("import_registry", org.cvr_number, *paths, "--draft", "Fra Digital Post")
    assert url(org, "draft_changes", Draft.objects.get().pk) in capsys.readouterr().out
    call_command("import_registry", org.cvr_number, *paths, "--draft", "Prøve", "--dry-run")
    assert Draft.objects.count() == 1
