"""The demo's standard systems: two vendors describe theirs, and one change waits for an answer."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from adgang.demo.people import by
from organisations.models import Organisation
from systems import drafting
from systems.models import SystemTemplate
from systems.standard import publishing, using

LETTERS = {
    "service_protocol": "REST_PUSH",
    "is_sender": True,
    "is_recipient": False,
    "receipt_endpoint": "https://kvittering.paafund.invalid/memo",
    "technical_contact_name": "Påfunds driftsvagt",
    "technical_contact_email": "drift@paafund.invalid",
    "technical_contact_phone": "00 00 00 10",
    "supplier": "Påfund IT A/S",
    "delegated_cvr": "99000014",
    "networks": ["198.51.100.32/28"],
}
CASES = {
    "service_protocol": "SFTP",
    "is_sender": True,
    "is_recipient": True,
    "sftp_folder": "ind",
    "technical_contact_name": "Luftkastels support",
    "technical_contact_email": "support@luftkastel.invalid",
    "supplier": "Luftkastel Systemer ApS",
    "networks": ["203.0.113.64/29"],
}
SIGNATURES = {
    "service_protocol": "REST_PULL",
    "is_sender": False,
    "is_recipient": True,
    "technical_contact_name": "Påfunds driftsvagt",
    "technical_contact_email": "drift@paafund.invalid",
    "supplier": "Påfund IT A/S",
    "delegated_cvr": "99000014",
}
CHANGED = {"receipt_endpoint": "https://kvittering2.paafund.invalid/memo", "networks": ["198.51.100.48/28"]}


def make_standard_systems(organisations: Mapping[str, Organisation], *, at: dt.datetime) -> None:
    """Let the vendors publish their standard systems, the municipality use one, and its vendor change it."""
    letters = _describe(
        organisations["leverandoer"],
        account="viola",
        name="Påfund Brevflet",
        text="Danner breve ud fra skabeloner og sender dem til Digital Post. Kræver en aftale med Påfund IT.",
        values=LETTERS,
        to_fill=["business_contact_email"],
    )
    _publish(letters, "viola", "Første udgave.", at=at)
    cases = _describe(
        organisations["luft"],
        account="luna",
        name="Luftkastel Sag",
        text="Sags- og dokumenthåndtering. Myndigheden får sin egen nøgle og mappe.",
        values=CASES,
        to_fill=["business_contact_email", "sftp_host"],
    )
    _publish(cases, "luna", "", at=at)
    _describe(
        organisations["leverandoer"],
        account="viola",
        name="Påfund Underskrift",
        text="Under udarbejdelse: henter breve, der skal underskrives.",
        values=SIGNATURES,
        to_fill=["technical_contact_name"],
    )
    _use(letters, organisations["kommune"])
    letters.values = {**letters.values, **CHANGED}
    publishing.change(caller=by("viola"), template=letters, version=letters.version)
    _publish(letters, "viola", "Vi flytter til et nyt driftscenter. De gamle adresser lukker om tre måneder.", at=at)


def _describe(
    organisation: Organisation, *, account: str, name: str, text: str, values: dict[str, Any], to_fill: list[str]
) -> SystemTemplate:
    template = SystemTemplate(
        organisation=organisation, name=name, description=text, values=dict(values), to_fill=to_fill
    )
    return publishing.create(caller=by(account), template=template)


def _publish(template: SystemTemplate, account: str, note: str, *, at: dt.datetime) -> None:
    publishing.publish(caller=by(account), template=template, version=template.version, note=note, at=at)


def _use(template: SystemTemplate, organisation: Organisation) -> None:
    """Make the municipality's system the way its administrator would."""
    edition = publishing.newest_edition(template)
    if edition is None:
        return
    draft = using.begin(caller=by("sigurd"), organisation=organisation, edition=edition)
    draft.values |= {"name": "Brevflet", "business_contact_email": "forretning@eksempelkoebing.invalid"}
    draft.save()
    drafting.finish(caller=by("sigurd"), draft=draft, version=draft.version)
