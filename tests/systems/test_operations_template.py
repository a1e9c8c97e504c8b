"""Standard systems for whoever runs the installation: `operations_templates`, `operations_template`,
`operations_template_edit`, `operations_template_publish`, `operations_template_retire`.
"""

from typing import Any

import pytest
from django.urls import reverse

from organisations.events import OPERATOR_CHAIN
from organisations.models import Event
from systems.models import SystemTemplate
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.systems.logged import tags

pytestmark = pytest.mark.django_db
PAGES = ("operations_template", "operations_template_edit", "operations_template_publish", "operations_template_retire")


@pytest.fixture
def template() -> SystemTemplate:
    return systems.template(published=True)


@pytest.fixture
def manager() -> Any:
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def url(name: str, template: SystemTemplate) -> str:
    return reverse(name, args=[template.pk])


def test_who_may(template: SystemTemplate, manager: Any) -> None:
    support = client_for(user_with(Role.SUPPORT, organisation=None))
    vendor = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=template.organisation))
    statuses = [[one.get(url(name, template)).status_code for name in PAGES] for one in (manager, support, vendor)]
    assert statuses == [[200, 200, 200, 200], [200, 403, 403, 403], [404, 404, 404, 404]]


def test_the_list_and_who_uses_it(template: SystemTemplate, manager: Any) -> None:
    systems.made_from(template, organisation=organisation(name="Klitby Kommune"))
    systems.template()
    listed = manager.get(reverse("operations_templates")).content.decode()
    assert template.name in listed
    assert "Ikke udgivet endnu" in listed
    assert "Klitby Kommune" in manager.get(url("operations_template", template)).content.decode()


def test_what_the_operator_changes_stands_in_both_logs(template: SystemTemplate, manager: Any) -> None:
    data = {"name": template.name, "is_recipient": "on", "endpoint": "https://rettet.example/", "networks": ""}
    without_reason = manager.post(url("operations_template_edit", template), data | {"version": str(template.version)})
    assert without_reason.status_code == 200
    assert "https://rettet.example/" in without_reason.content.decode()
    full = data | {"version": str(template.version), "reason": "Fejl i adressen."}
    assert manager.post(url("operations_template_edit", template), full).status_code == 302
    template.refresh_from_db()
    note = {"version": str(template.version), "reason": "Rettet adresse."}
    manager.post(url("operations_template_publish", template), note)
    template.refresh_from_db()
    assert (template.edition, template.editions.first().note) == (2, "Rettet adresse.")
    retired = {"version": str(template.version), "reason": "Leverandøren er ophørt."}
    manager.post(url("operations_template_retire", template), retired)
    done = ["TEMPLATE_CHANGED", "TEMPLATE_PUBLISHED", "TEMPLATE_RETIRED"]
    assert tags(template.organisation)[-3:] == done
    operators = Event.objects.filter(organisation_id=OPERATOR_CHAIN).order_by("seq")
    assert list(operators.values_list("tag", flat=True)) == done
    assert manager.post(url("operations_template_retire", template), retired).status_code == 302
