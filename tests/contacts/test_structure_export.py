"""The structure and the template as files."""

import pytest

from contacts import differences, importing
from contacts.csv_columns import COLUMNS
from contacts.exporting import Format
from organisations.models import Event
from tests.contacts.people import READ, authority, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["structure_export", "structure_template"])
@pytest.mark.parametrize("file_format", list(Format))
def test_who_may(name, file_format):
    assert statuses(authority(), name, file_format) == READ


def test_the_structure_in_the_order_of_the_tree():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    below = contacts.group("Ydelser", parent=top)
    contacts.point("Top", organisation=org)
    contacts.point("I borger", groups=[top])
    contacts.point("I ydelser", groups=[below, top])
    response = owner(org).get(url(org, "structure_export", "csv"))
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert [line.split(";")[0:4:3] for line in lines[1:]] == [
        ["gruppe", "Borger"],
        ["gruppe", "Ydelser"],
        ["punkt", "I ydelser"],
        ["punkt", "I borger"],
        ["punkt", "Top"],
    ]
    assert "Borger / Ydelser | Borger" in lines[3]
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="kontaktstruktur-{org.cvr_number}')
    assert Event.objects.filter(organisation_id=org.pk, tag="LIST_EXPORTED").count() == 1


def test_the_template_has_every_column():
    org = authority()
    content = b"".join(owner(org).get(url(org, "structure_template", "csv"))).decode("utf-8-sig")
    assert content.splitlines()[0].split(";") == [column.name for column in COLUMNS]


@pytest.mark.parametrize("form", list(Format))
def test_what_leaves_comes_back_without_a_difference(form):
    org = authority()
    group = contacts.group("Ind/ud | begge", organisation=org, description='Med "citat"\nog linjer')
    contacts.point("=1+1", groups=[group, None], search_terms=("a|b", "-c"), memo_size_threshold_mb="2.50")
    contacts.point("'=x", organisation=org, allowed_number_of_attachments=0, active=False)
    response = owner(org).get(url(org, "structure_export", form))
    assert response.headers["Content-Disposition"].split('"')[1].endswith(f".{form}")
    plan = importing.dry_run(organisation=org, content=b"".join(response))
    assert plan.findings.found == []
    assert differences.changes(plan) == []


@pytest.mark.parametrize("form", list(Format))
def test_a_template_can_be_filled_in_and_imported(form):
    org = authority()
    content = b"".join(owner(org).get(url(org, "structure_template", form)))
    plan = importing.dry_run(organisation=org, content=content)
    assert [found.finding.code for found in plan.findings.found if found.finding.severity == "error"] == []
    assert [change.name for change in differences.changes(plan)][:1] == ["Borger"]
