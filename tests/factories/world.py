"""One organisation with something of everything, so that every address has an object to show."""

import datetime as dt
import re
import uuid
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
from adgang.setup import documents
from contacts import bulk, uploaded_files
from contacts.models import ContactPoint, UploadedFile
from contacts.states import State
from organisations import email_changes, logos
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry, record
from organisations.models import (
    Deadline,
    EmailChange,
    Employment,
    Event,
    GroupMember,
    HelpSession,
    Invitation,
    Mail,
    Maintenance,
    Material,
    Organisation,
    ReadinessLine,
    Registration,
    SecretLink,
    SignInIdentity,
    User,
    UserGroup,
    Webhook,
    WebhookDelivery,
)
from organisations.passwords import new_link
from organisations.rights import PrivilegeType
from systems import sharing
from systems.models import (
    CertificateSwapRequest,
    CheckBatch,
    CheckRun,
    DeliveryTally,
    HealthChange,
    MaintenanceWindow,
    Outage,
    Protocol,
    System,
    SystemDraft,
    SystemHealth,
)
from tests.factories import (
    access_requests,
    certificates,
    contacts,
    letters,
    organisations,
    parameters,
    passkeys,
    systems,
)

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
    webhook(here)
    all_systems(here)
    structure(here)
    all_letters(here)
    log(here)
    requests_for_access(here)
    operation(here)
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
    identity = SignInIdentity.objects.create(
        user=here.person, method="MOCES", issuer="OCES3 test 12345678", subject=str(here.person.pk), cvr="12345678"
    )
    here.arguments |= {
        "identity_id": identity.pk,
        "passkey_id": passkeys.passkey(user=here.person).pk,
        "user_id": colleague.pk,
        "privilege_id": held.pk,
        "invitation_id": invitation.pk,
        "handle": "0" * 32,
    }
    delegated(here)
    asked = EmailChange.objects.create(
        user=colleague, old=colleague.email, new="jens@example.org", asked=timezone.now()
    )
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for name, purpose in (("email_change_confirm", "EMAIL_CONFIRM"), ("email_change_object", "EMAIL_OBJECT")):
        here.of[name] = {"token": email_changes.new_link(asked, SecretLink.Purpose(purpose), expires=tomorrow)}
    here.of["invitation_accept"] = {"token": token}
    here.of["password_reset_confirm"] = {"token": new_link(colleague, lifetime=dt.timedelta(hours=1))}
    ours = organisations.access_token(organisation=here.organisation, roles=(PrivilegeType.READER,))
    own = organisations.access_token(organisation=here.organisation, user=here.person, roles=(PrivilegeType.READER,))
    here.arguments["token_id"] = ours.pk
    here.of |= {"my_access_token_revoke": {"token_id": own.pk}, "operation": {"name": "system_change"}}
    mine = certificates.certificate(organisation=here.organisation, user=here.person)
    here.of["moces_remove"] = {"certificate_id": mine.pk}
    here.arguments["anchor_id"] = certificates.install_anchors()[0].pk


def delegated(here: World) -> None:
    """Add a group with a member and a role, a role at another authority, and one that was passed on to a person."""
    group = UserGroup.objects.create(organisation=here.organisation, name="Driften", description="Vagtholdet")
    GroupMember.objects.create(group=group, user=here.person)
    role = PrivilegeType.ORGANISATION_ADMINISTRATOR
    organisations.grant(group=group, role=role, organisation=here.organisation)
    other = organisations.organisation(name="Mosby Kommune")
    organisations.grant(delegate=other, role=role, organisation=here.organisation)
    parent = organisations.grant(delegate=here.organisation, role=role, organisation=other)
    child = organisations.grant(user=here.person, role=role, organisation=other, parent=parent)
    here.arguments["user_group_id"] = group.pk
    until = timezone.now() + dt.timedelta(hours=1)
    fields = {"reason": "Hjælp til et certifikat", "ends": until, "ended": timezone.now()}
    here.arguments["help_id"] = HelpSession.objects.create(
        organisation=here.organisation, user=here.person, **fields
    ).pk
    here.of |= {name: {"privilege_id": parent.pk} for name in ("delegation_pass_on", "delegation_return")}
    here.of["delegation_withdraw"] = {"privilege_id": child.pk}


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


def webhook(here: World) -> None:
    """Add a webhook whose last message did not arrive."""
    made = organisations.webhook(organisation=here.organisation, name="Sagssystem")
    at = timezone.now()
    Webhook.objects.filter(pk=made.pk).update(failing_since=at, last_success=at - dt.timedelta(days=1))
    for fault, tag in (("http.status", Tag.SYSTEM_CHANGED), ("", Tag.ORGANISATION_CHANGED)):
        WebhookDelivery.objects.create(
            webhook=made,
            event_id=uuid.uuid4(),
            tag=tag,
            event_time=at,
            attempts=1,
            status=503 if fault else 204,
            fault=fault,
            delivered=None if fault else at,
        )
    here.arguments["webhook_id"] = made.pk


def operation(here: World) -> None:
    """Add a mail that was given up, an announcement, and maintenance planned for after everything else here is over."""
    here.arguments["announcement_id"] = organisations.announcement(cvr_numbers=[here.organisation.cvr_number]).pk
    here.arguments["mail_id"] = Mail.objects.create(
        kind="invitation", to="kim@example.org", attempts=8, error="SMTPException()"
    ).pk
    starts = timezone.now() + dt.timedelta(days=90)
    here.arguments["maintenance_id"] = Maintenance.objects.create(
        mode=Maintenance.Mode.CLOSED, starts=starts, until=starts + dt.timedelta(hours=2), reason="Ny version"
    ).pk


def requests_for_access(here: World) -> None:
    """Add a draft of the person's own with a picture, and requests that wait for the operator and the organisation."""
    own = access_requests.draft(user=here.person, organisation=here.organisation)
    paper = access_requests.document(own, content=access_requests.picture(), filename="aftale.png")
    sent = access_requests.submitted(access_requests.Kind.CONNECTION_AGREEMENT_REQUEST, cvr_number="91000001")
    asked = access_requests.draft(access_requests.Kind.PRIVILEGE_REQUEST, organisation=here.organisation)
    theirs = access_requests.document(asked)
    access_requests.submit(asked)
    unconnected = organisations.organisation(accepted=False, name="Strandby Kommune", cvr_number="91000002")
    old = access_requests.submitted(organisation=unconnected)
    for name in ROUTES:
        if name.startswith("access_request"):
            here.of[name] = {"request_id": own.pk, "document_id": paper.pk, "step": "dokumenter"}
        elif name.startswith("operations_request"):
            here.of[name] = {"request_id": sent.pk, "act": "mere"}
        elif name.startswith("organisation_request"):
            here.of[name] = {"request_id": asked.pk, "document_id": theirs.pk, "act": "afvis"}
    here.of["operations_request_document"] = {"request_id": old.pk, "document_id": old.documents.get().pk}
    kind = access_requests.Kind.PRIVILEGE_REQUEST
    receipt = access_requests.submitted(kind, user=here.person, organisation=here.organisation)
    here.of["access_request_receipt"] = {"request_id": receipt.pk}
    token = secrets.new_token()
    Registration.objects.create(
        email="ny2@example.org",
        token_hash=secrets.token_hash(token),
        expires=timezone.now() + dt.timedelta(hours=1),
    )
    here.of["register_confirm"] = {"token": token}


def all_systems(here: World) -> None:
    """Add a system of each protocol, one of them with credentials and checks, and a draft."""
    for protocol in Protocol:
        made = systems.system(organisation=here.organisation, protocol=protocol, active=protocol is Protocol.REST_PULL)
        if protocol is Protocol.SFTP:
            equip(here, made)
            health(here, made)
    standard_systems(here)
    here.arguments["batch_id"] = tested_batch(here).pk
    draft = SystemDraft.objects.create(organisation=here.organisation, begun_by=here.person, values={"name": "Halvt"})
    here.arguments |= {"draft_id": draft.pk, "step": "art", "probe": "mail"}


def tested_batch(here: World) -> CheckBatch:
    """Return a test of all systems with a result, and one that was left out."""
    done = systems.batch(organisation=here.organisation)
    system = System.objects.filter(organisation=here.organisation).first()
    CheckRun.objects.create(
        system=system, protocol="SMTP", trigger="BATCH", status="FAILED", batch=done, summary="mx.null"
    )
    done.left_out = [{"system": str(system.pk), "name": system.name, "code": "batch.out_of_service"}]
    done.save()
    return done


def standard_systems(here: World) -> None:
    """Add a standard system of the organisation's own, and a system made from one that has changed since."""
    own = systems.template(organisation=here.organisation, to_fill=("technical_contact_email",))
    here.arguments["template_id"] = own.pk
    offered = systems.template(published=True)
    made = systems.made_from(offered, organisation=here.organisation)
    systems.publish(offered, note="Nyt driftscenter.", endpoint="https://ny.vendor.example/memo")
    here.of["system_template_offer"] = {"system_id": made.pk}


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
    token = sharing.make(caller=CALLER, run=run, days=7, at=timezone.now())
    here.arguments["link_id"] = SecretLink.objects.get(object_id=run.pk).pk
    here.of |= {name: {"token": token} for name in ("check_shared", "check_shared_download")}
    renewed = certificates.certificate(organisation=here.organisation)
    asked = swap_request(here, system)
    here.arguments |= {
        "certificate_id": system.certificate.pk,
        "next_id": renewed.pk,
        "key_id": system.ssh_key.pk,
        "request_id": asked.pk,
    }


def health(here: World, system: System) -> None:
    """Let a system fail after it worked, in the middle of maintenance, while much else cannot be reached either."""
    at = timezone.now()
    turned = at - dt.timedelta(hours=5)
    for before, state, since in (("", "HEALTHY", turned - dt.timedelta(days=3)), ("HEALTHY", "FAILING", turned)):
        HealthChange.objects.create(system=system, before=before, state=state, since=since, noticed=since)
    values = {"state": "FAILING", "state_since": turned, "failures": 3, "told": "FAILING"}
    SystemHealth.objects.filter(system=system).update(last_check=at, next_check_at=at, **values)
    DeliveryTally.objects.create(system=system, failing_since=at - dt.timedelta(days=5), last_failed=at, failed=9)
    window = MaintenanceWindow.objects.create(
        system=system, starts=at - dt.timedelta(hours=1), ends=at + dt.timedelta(hours=1), reason="Flytning af server"
    )
    stuck = CheckRun.objects.create(
        system=System.objects.filter(organisation=here.organisation).exclude(pk=system.pk).earliest("created"),
        protocol="SMTP",
        trigger="MANUAL",
        created=at - dt.timedelta(minutes=5),
        sendings=2,
    )
    outage = Outage.objects.create(started=at, runs=90, failed=60)
    here.arguments |= {"window_id": window.pk, "outage_id": outage.pk}
    here.of["run_end"] = {"run_id": stuck.pk}


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
    here.of["setup_plan"] = {"file_id": setup_file(here).pk}
    changed = bulk.change(
        caller=CALLER, organisation=here.organisation, ids=[point.pk], act=bulk.to_state(State.CLOSED)
    )
    here.arguments["publication_id"] = contacts.publication(organisation=here.organisation, name="Ny opdeling").pk
    draft = contacts.draft(organisation=here.organisation, name="Ny organisation", begun_by=here.person)
    for name in parameters.OF_DRAFTS:
        here.of[name] = {"draft_id": draft.pk}
    here.of["structure_undo"] = {"event_id": changed.pk if changed else None}


def setup_file(here: World) -> UploadedFile:
    """Return an uploaded set-up file that would change something."""
    text = documents.export(here.organisation).replace("description: ", "description: Ny. ", 2)
    content = text.encode()
    return uploaded_files.begin(organisation=here.organisation, user=None, content=content, filename="opsætning.yml")


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
    made = parameters.Made(here.organisation, here.person, "")
    here.arguments["job_id"] = parameters.events_file(made)
    here.arguments["subscription_id"] = parameters.subscription(made)
    for name in ("operations_event_file", "operations_event_file_take"):
        here.of[name] = {"job_id": parameters.events_file(made, of_operator=True)}


def missing(arguments: Arguments, of: dict[str, Arguments]) -> set[str]:
    """Return the names in URLs for which this world has nothing."""
    wanted = {
        (name, key)
        for name, route in ROUTES.items()
        for key in PARAMETER.findall(route.pattern)
        if key not in arguments
    }
    return {f"{name}: {key}" for name, key in wanted if key not in of.get(name, {})}
