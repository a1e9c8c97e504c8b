"""One organisation with something of everything, so that every address has an object to show."""

import datetime as dt
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone
from PIL import Image

from adgang.calendar import links
from adgang.demo.equipping import new_public_key
from adgang.lib import secrets
from adgang.lib.urls import ROUTES
from contacts import bulk, uploaded_files
from contacts.models import ContactPoint
from contacts.states import State
from organisations import logos
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry, record
from organisations.models import Deadline, Employment, Event, Invitation, Material, Organisation, ReadinessLine, User
from organisations.passwords import new_link
from organisations.rights import PrivilegeType
from systems.models import CertificateSwapRequest, CheckRun, Protocol, System, SystemDraft
from tests.factories import certificates, contacts, letters, organisations, parameters, systems

CALLER = Caller.command("world")
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0WmdTRbh6TdgJNZDDPWdpRNHpHKpMfTUoq2LUvXhqN"
UPLOADED = "sti;navn;beskrivelse;ukendt\r\nBorgerservice;Byggesager;Byg her;x\r\n;;;\r\n"
assert get_resolver().url_patterns  # the routes are known once the addresses are read
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
Arguments = dict[str, Any]


@dataclass
class World:
    """`arguments` holds an object for each name in a URL; `of` those for single routes."""

    organisation: Organisation
    person: User
    arguments: Arguments
    of: dict[str, Arguments] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """Return the URL of a page, about the things of this world. Raises KeyError for a name without a thing."""
        here = {**self.arguments, **self.of.get(name, {})}
        return reverse(name, kwargs={key: here[key] for key in PARAMETER.findall(ROUTES[name].pattern)})


@transaction.atomic
def world() -> World:
    """Return an organisation with people, systems, checks, lines and events; `person` may do everything in it."""
    made = organisations.organisation(name="Klitby Kommune", cvr_number="90000004")
    person = organisations.user_with(*everything_but_operation(), organisation=made, name="Vera Holm")
    organisations.grant(user=person, role=PrivilegeType.SYSTEM_MANAGER, organisation=None)
    here = World(made, person, {"cvr": made.cvr_number})
    logo(here)
    people(here)
    guidance(here)
    all_systems(here)
    structure(here)
    all_letters(here)
    log(here)
    return here


def everything_but_operation() -> list[PrivilegeType]:
    """Return every role that is held in an organisation."""
    return [role for role in PrivilegeType if role not in (PrivilegeType.SYSTEM_MANAGER, PrivilegeType.SUPPORT)]


def logo(here: World) -> None:
    """Give the organisation a logo."""
    picture = BytesIO()
    Image.new("RGB", (64, 32), "navy").save(picture, "PNG")
    logos.change(caller=CALLER, organisation=here.organisation, version=1, picture=picture.getvalue())


def people(here: World) -> None:
    """Add a colleague with a role, an invitation that is open, and a person who lost their password."""
    colleague = organisations.user(name="Jens Ø. Lund")
    Employment.objects.create(user=colleague, organisation=here.organisation)
    held = organisations.grant(user=colleague, role=PrivilegeType.READER, organisation=here.organisation)
    token = secrets.new_token()
    invitation = Invitation.objects.create(
        organisation=here.organisation,
        email="ny@example.org",
        name="Ny Medarbejder",
        roles=[PrivilegeType.CONTACT_ADMINISTRATOR],
        token_hash=secrets.token_hash(token),
        expires=timezone.now() + dt.timedelta(days=7),
    )
    here.arguments |= {
        "user_id": colleague.pk,
        "privilege_id": held.pk,
        "invitation_id": invitation.pk,
        "handle": "0" * 32,
    }
    here.of["invitation_accept"] = {"token": token}
    here.of["password_reset_confirm"] = {"token": new_link(colleague, lifetime=dt.timedelta(hours=1))}
    mine = certificates.certificate(organisation=here.organisation, user=here.person)
    here.of["moces_remove"] = {"certificate_id": mine.pk}
    here.arguments["anchor_id"] = certificates.install_anchors()[0].pk


def guidance(here: World) -> None:
    """Add lines of the process guide, deadlines and a material."""
    own = ReadinessLine.objects.create(
        organisation=here.organisation,
        text="Aftal med leverandøren",
        responsible_name="Jens Ø. Lund",
        responsible_email="jens@example.org",
        due=timezone.localdate() + dt.timedelta(days=30),
    )
    token = links.make(caller=CALLER, user=here.person, organisation=here.organisation, at=timezone.now())
    here.of["calendar_feed"] = {"token": token}
    for kind in Deadline.Kind:
        Deadline.objects.create(organisation=here.organisation, kind=kind, date=timezone.localdate())
    material = Material.objects.create(title_da="Vejledning", title_en="Guidance", url="https://example.org/")
    here.arguments |= {"line": str(own.pk), "material_id": material.pk}


def all_systems(here: World) -> None:
    """Add a system of each protocol, one of them with credentials and checks, and a draft."""
    for protocol in Protocol:
        made = systems.system(organisation=here.organisation, protocol=protocol, active=protocol is Protocol.REST_PULL)
        if protocol is Protocol.SFTP:
            equip(here, made)
    draft = SystemDraft.objects.create(organisation=here.organisation, begun_by=here.person, values={"name": "Halvt"})
    here.arguments |= {"draft_id": draft.pk, "step": "art"}


def equip(here: World, system: System) -> None:
    """Give a system a certificate, a key and two checks."""
    system.certificate = certificates.certificate(organisation=here.organisation)
    system.ssh_key = certificates.ssh_key(organisation=here.organisation)
    system.next_ssh_key = certificates.ssh_key(organisation=here.organisation, line=new_public_key("ny").decode())
    system.save()
    run = CheckRun.objects.create(
        system=system,
        protocol=system.service_protocol,
        trigger="MANUAL",
        status="PASSED",
        finished=timezone.now(),
        target={"ssh_host": system.sftp_host, "ssh_port": system.sftp_port},
        steps=[step("RESOLVE"), step("HOST_KEY", host_key=HOST_KEY)],
    )
    CheckRun.objects.create(system=system, protocol=system.service_protocol, trigger="SCHEDULED", status="ABORTED")
    here.arguments |= {"system_id": system.pk, "run_id": run.pk}
    renewed = certificates.certificate(organisation=here.organisation)
    asked = swap_request(here, system)
    here.arguments |= {
        "certificate_id": system.certificate.pk,
        "next_id": renewed.pk,
        "key_id": system.ssh_key.pk,
        "request_id": asked.pk,
    }


def swap_request(here: World, system: System) -> CertificateSwapRequest:
    """Return what a vendor asks about the system's certificate."""
    vendor = organisations.organisation(name="Påfund IT A/S", cvr_number="90000012")
    return CertificateSwapRequest.objects.create(
        organisation=here.organisation,
        asked_by=vendor,
        old_sha256=system.certificate.sha256,
        certificate=certificates.certificate(organisation=vendor),
        message="Vi skifter natten til mandag.",
    )


def step(code: str, **found: str) -> dict[str, Any]:
    """Return a step of a check as it is kept."""
    return {"code": code, "place": "sftp.example:22", "status": "ok", "ms": 4, "found": found, "findings": []}


def structure(here: World) -> None:
    """Add groups in three levels, points in every state, and an uploaded file with faults."""
    system = System.objects.get(pk=here.arguments["system_id"])
    top = contacts.group("Borgerservice", organisation=here.organisation)
    below = contacts.group("Pas og kørekort", parent=top)
    contacts.group("Skole og dagtilbud", organisation=here.organisation)
    point = contacts.point("Kørekort", groups=(below,), system=system)
    contacts.point("Pas", groups=(below, top), system=system, active=False)
    contacts.point("Internt", groups=(None,), organisation=here.organisation, system=system, visible=False)
    contacts.point("Lukket", groups=(top,), system=system, for_citizens=False, description="test", search_terms=())
    uploaded = uploaded_files.begin(
        organisation=here.organisation, user=here.person, content=UPLOADED.encode(), filename="punkter.csv"
    )
    here.arguments |= {"group_id": top.pk, "point_id": point.pk, "file_format": "csv"}
    here.of["structure_import_review"] = {"file_id": uploaded.pk}
    changed = bulk.change(
        caller=CALLER, organisation=here.organisation, ids=[point.pk], act=bulk.to_state(State.CLOSED)
    )
    here.arguments["publication_id"] = contacts.publication(organisation=here.organisation, name="Ny opdeling").pk
    draft = contacts.draft(organisation=here.organisation, name="Ny organisation", begun_by=here.person)
    for name in parameters.OF_DRAFTS:
        here.of[name] = {"draft_id": draft.pk}
    here.of["structure_undo"] = {"event_id": changed.pk if changed else None}


def all_letters(here: World) -> None:
    """Add a letter type with everything, and one without a contact point."""
    point = ContactPoint.objects.get(pk=here.arguments["point_id"])
    made = letters.letter_type(
        "Afgørelse om kørekort",
        point=point,
        sender_system=System.objects.filter(organisation=here.organisation, is_sender=True).first(),
        reply_days=14,
        codes=["KLE:27.18.00:2025:Kørekort"],
        actions=["SELVBETJENING | Ansøg nu | https://example.org/"],
    )
    letters.letter_type("Uden kontaktpunkt", organisation=here.organisation)
    here.arguments["letter_type_id"] = made.pk


def log(here: World) -> None:
    """Write a line in the organisation's log and in the operator's."""
    entry = Entry(tag=Tag.ORGANISATION_CHANGED, obj=here.organisation, before={"name": "Før"}, after={"name": "Efter"})
    own: Event = record(CALLER, here.organisation, entry)
    operators: Event = record(CALLER, None, entry)
    here.arguments["event_id"] = own.pk
    here.of["operations_event"] = {"event_id": operators.pk}


def missing(arguments: Arguments, of: dict[str, Arguments]) -> set[str]:
    """Return the names in URLs for which this world has nothing."""
    wanted = {
        (name, key)
        for name, route in ROUTES.items()
        for key in PARAMETER.findall(route.pattern)
        if key not in arguments
    }
    return {f"{name}: {key}" for name, key in wanted if key not in of.get(name, {})}
