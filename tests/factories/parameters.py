"""What stands in the URLs of the portal: for each parameter a maker of an object in some organisation.

A new parameter needs a maker here, or the access matrix (`tests/test_access_matrix.py`) fails and says so. A key
"<route>.<parameter>" is used before "<parameter>", for routes that need an object in a certain state.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import get_resolver

from adgang.demo.equipping import new_public_key
from adgang.lib.urls import ROUTES
from adgang.overview import readiness
from contacts import bulk, uploaded_files
from contacts.states import State
from organisations import events, keeping
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Material, Organisation, Privilege, ReadinessLine, User
from systems.models import CertificateSwapRequest, CheckRun, System, SystemDraft
from systems.models.check_run import RunStatus, Trigger
from tests.factories import certificates, contacts, letters, organisations, systems
from tests.factories.organisations import Role


@dataclass
class Made:
    """The objects of one organisation for one route, made when they are asked for."""

    organisation: Organisation
    user: User
    route: str
    values: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            self.values[name] = maker(self.route, name)(self)
        return self.values[name]


Maker = Callable[[Made], Any]


def maker(route: str, name: str) -> Maker:
    """Return the maker of a parameter. Raises LookupError that tells what to do when there is none."""
    found = MAKERS.get(f"{route}.{name}") or MAKERS.get(name)
    if found is None:
        raise LookupError(f"the URL {route!r} has a parameter {name!r}: add a maker in tests/factories/parameters.py")
    return found


def furnish(organisation: Organisation) -> None:
    """Give an organisation what its pages may show, so that a 404 always means no access."""
    logo = keeping.keep(b"png", media_type="image/png", filename="logo.png")
    Organisation.objects.filter(pk=organisation.pk).update(logo=logo)


def colleague(made: Made) -> uuid.UUID:
    """Return a person whose departure leaves a user administrator behind."""
    person = organisations.user_with(Role.READER, organisation=made.organisation)
    return person.pk


def privilege(made: Made) -> uuid.UUID:
    """Return a role that can be taken away."""
    return Privilege.objects.get(user=made["user_id"], scope=made.organisation).pk


def invitation(made: Made) -> uuid.UUID:
    """Return an invitation that waits."""
    return organisations.invitation(organisation=made.organisation).pk


def event(made: Made, tag: Tag = Tag.ORGANISATION_CHANGED) -> uuid.UUID:
    """Return an event of the organisation, in the slice that its reader may see."""
    entry = events.Entry(tag=tag, obj=made.organisation, after={"name": "Ny"})
    return events.record(Caller.command("test"), made.organisation, entry).pk


def operators_event(made: Made) -> uuid.UUID:
    """Return an event of the operator's own chain."""
    entry = events.Entry(tag=Tag.MATERIAL_CHANGED, obj=made.organisation)
    return events.record(Caller.command("test"), None, entry).pk


def material(made: Made) -> uuid.UUID:
    """Return a material."""
    return Material.objects.create(title_da="Vejledning").pk


def own_line(made: Made) -> str:
    """Return the key of a readiness line of the organisation's own."""
    row = ReadinessLine.objects.create(
        organisation=made.organisation, text="Vores egen", responsible_name="Bo", responsible_email="bo@example.org"
    )
    return readiness.own_line(row).key


def system(made: Made) -> uuid.UUID:
    """Return a system."""
    return systems.system(organisation=made.organisation).pk


def own_certificate(made: Made) -> uuid.UUID:
    """Return the employee certificate of the person who asks."""
    return certificates.certificate(organisation=made.organisation, user=made.user, kind="MOCES").pk


def system_certificate(made: Made) -> uuid.UUID:
    """Return a certificate that the route's system uses."""
    kept = certificates.certificate(organisation=made.organisation)
    System.objects.filter(pk=made["system_id"]).update(certificate=kept)
    return kept.pk


def next_certificate(made: Made) -> uuid.UUID:
    """Return a certificate that no system uses yet."""
    return certificates.certificate(organisation=made.organisation).pk


def swap_request(made: Made) -> uuid.UUID:
    """Return a request from a vendor that waits."""
    vendor = organisations.organisation()
    return CertificateSwapRequest.objects.create(
        organisation=made.organisation,
        asked_by=vendor,
        old_sha256=uuid.uuid4().hex * 2,
        certificate=certificates.certificate(organisation=vendor),
    ).pk


def system_key(made: Made) -> uuid.UUID:
    """Return an SSH key that the route's system uses."""
    kept = certificates.ssh_key(organisation=made.organisation, line=new_public_key("prøve").decode())
    System.objects.filter(pk=made["system_id"]).update(ssh_key=kept)
    return kept.pk


def draft(made: Made) -> uuid.UUID:
    """Return a system that somebody has begun to create."""
    values = {"name": "Begyndt", "service_protocol": "SMTP", "is_recipient": True}
    return SystemDraft.objects.create(organisation=made.organisation, begun_by=made.user, values=values).pk


def uploaded_file(made: Made) -> uuid.UUID:
    """Return an uploaded file of contact points that waits to be applied."""
    content = "navn;system\r\n".encode("utf-8-sig")
    kept = uploaded_files.begin(organisation=made.organisation, user=made.user, content=content, filename="punkter.csv")
    return kept.pk


def structure_draft(made: Made) -> uuid.UUID:
    """Return a draft of the contact structure that changes something."""
    return contacts.draft(organisation=made.organisation).pk


def letter_type(made: Made) -> uuid.UUID:
    """Return a letter type without a contact point."""
    return letters.letter_type(organisation=made.organisation).pk


def run(made: Made) -> uuid.UUID:
    """Return a finished check of the system, which saw a host key."""
    server = {"ssh_host": "sftp.example", "ssh_port": 22}
    step = {"code": "HOST_KEY", "place": "", "status": "ok", "ms": 1, "findings": []}
    System.objects.filter(pk=made["system_id"]).update(sftp_host="sftp.example", sftp_port=22)
    return CheckRun.objects.create(
        system_id=made["system_id"],
        protocol="SFTP",
        trigger=Trigger.MANUAL,
        status=RunStatus.PASSED,
        target=server,
        steps=[{**step, "found": {"host_key": certificates.ED25519}}],
    ).pk


def point(made: Made) -> uuid.UUID:
    """Return a contact point whose post the route's system receives."""
    receiver = System.objects.get(pk=made["system_id"])
    return contacts.point(organisation=made.organisation, system=receiver).pk


def undoable(made: Made) -> uuid.UUID:
    """Return the event of a change of the structure that can be undone."""
    one = contacts.point(organisation=made.organisation)
    event = bulk.change(
        caller=Caller.command("test"),
        organisation=made.organisation,
        ids=[one.pk],
        act=bulk.to_state(State.REPLY_ONLY),
    )
    if event is None:
        raise LookupError("the point was for replies only already")
    return event.pk


assert get_resolver().url_patterns  # the routes are known once the addresses are read


def publication(made: Made) -> uuid.UUID:
    """Return what was published of the structure."""
    return contacts.publication(organisation=made.organisation).pk


OF_DRAFTS = [name for name, route in ROUTES.items() if "/kontaktstruktur/udkast/<" in route.pattern]

MAKERS: dict[str, Maker] = {
    **{f"{name}.draft_id": structure_draft for name in OF_DRAFTS},
    "cvr": lambda made: made.organisation.cvr_number,
    "token": lambda made: "a" * 43,
    "handle": lambda made: "0" * 32,
    "user_id": colleague,
    "privilege_id": privilege,
    "invitation_id": invitation,
    "event_id": event,
    "operations_event.event_id": operators_event,
    "structure_undo.event_id": undoable,
    "material_id": material,
    "line": own_line,
    "system_id": system,
    "draft_id": draft,
    "publication_id": publication,
    "structure_import_review.file_id": uploaded_file,
    "step": lambda made: "art",
    "run_id": run,
    "letter_type_id": letter_type,
    "anchor_id": lambda made: certificates.install_anchors()[0].pk,
    "file_format": lambda made: "csv",
    "certificate_id": system_certificate,
    "moces_remove.certificate_id": own_certificate,
    "key_id": system_key,
    "next_id": next_certificate,
    "request_id": swap_request,
    "group_id": lambda made: contacts.group(organisation=made.organisation).pk,
    "point_id": point,
}
