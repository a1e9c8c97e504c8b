"""What stands in the URLs of the portal: for each parameter a maker of an object in some organisation.

A new parameter needs a maker here, or the access matrix (`tests/test_access_matrix.py`) fails and says so. A key
"<route>.<parameter>" is used before "<parameter>", for routes that need an object in a certain state.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import get_resolver
from django.utils import timezone

from adgang.demo.equipping import new_public_key
from adgang.lib.urls import ROUTES
from adgang.overview import readiness
from contacts import bulk, uploaded_files
from contacts.states import State
from organisations import event_files, events, keeping
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import (
    AccessRequest,
    Documentation,
    EventSubscription,
    HelpSession,
    Job,
    Mail,
    Maintenance,
    Material,
    Organisation,
    Privilege,
    ReadinessLine,
    SecretLink,
    SignInIdentity,
    User,
    UserGroup,
)
from systems import sharing
from systems.models import CertificateSwapRequest, CheckRun, MaintenanceWindow, Outage, System, SystemDraft
from systems.models.check_run import RunStatus, Trigger
from tests.factories import access_requests, certificates, contacts, letters, organisations, passkeys, systems
from tests.factories.organisations import Role

# What was made before, by maker, organisation and – where it is theirs – the person who asks.
Store = dict[tuple["Maker", uuid.UUID, uuid.UUID | None], Any]


class Made:
    """The objects of one organisation for one route, made when they are asked for.

    With a `store` other routes take the same objects again; what a maker makes for `user` is that person's alone.
    """

    def __init__(
        self,
        organisation: Organisation,
        user: User,
        route: str,
        values: dict[str, Any] | None = None,
        *,
        store: Store | None = None,
    ) -> None:
        self.organisation, self.route = organisation, route
        self.values = dict(values or {})
        self._user, self._is_theirs = user, False
        self._store: Store = {} if store is None else store

    @property
    def user(self) -> User:
        """Who asks for the page."""
        self._is_theirs = True
        return self._user

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            self.values[name] = self._kept(maker(self.route, name))
        return self.values[name]

    def _kept(self, make: "Maker") -> Any:
        shared, theirs = (make, self.organisation.pk, None), (make, self.organisation.pk, self._user.pk)
        for key in (shared, theirs):
            if key in self._store:
                self._is_theirs = self._is_theirs or key == theirs
                return self._store[key]
        outer, self._is_theirs = self._is_theirs, False
        made = make(self)
        self._store[theirs if self._is_theirs else shared] = made
        self._is_theirs = self._is_theirs or outer
        return made


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


def user_group(made: Made) -> uuid.UUID:
    """Return a group of the organisation."""
    return UserGroup.objects.create(organisation=made.organisation, name=f"Hold {uuid.uuid4()}").pk


def delegation(made: Made) -> Privilege:
    """Return a role that the organisation got from another one."""
    return organisations.grant(
        delegate=made.organisation, role=Role.ORGANISATION_ADMINISTRATOR, organisation=organisations.organisation()
    )


def own_help(made: Made) -> uuid.UUID:
    """Return help that the person who asks gives."""
    until = timezone.now() + dt.timedelta(hours=1)
    fields = {"reason": "Prøve", "ends": until, "ended": timezone.now()}
    return HelpSession.objects.create(organisation=made.organisation, user=made.user, **fields).pk


def given_help(made: Made) -> uuid.UUID:
    """Return help that somebody gives the organisation."""
    until = timezone.now() + dt.timedelta(hours=1)
    who = organisations.user()
    return HelpSession.objects.create(organisation=made.organisation, user=who, reason="Prøve", ends=until).pk


def passed_on(made: Made) -> uuid.UUID:
    """Return such a role as it was passed on to a person of the organisation."""
    parent = delegation(made)
    person, role = organisations.user(), Role.ORGANISATION_ADMINISTRATOR
    return organisations.grant(user=person, role=role, organisation=parent.scope, parent=parent).pk


def access_token(made: Made, user: User | None = None) -> uuid.UUID:
    """Return an access token, of the organisation or of a person."""
    return organisations.access_token(organisation=made.organisation, user=user).pk


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


def events_file(made: Made, *, of_operator: bool = False) -> uuid.UUID:
    """Return a file of the log that the person asked for, made and kept."""
    kept = keeping.keep(b"x", media_type="text/csv", filename="log.csv")
    at = timezone.now()
    organisation = None if of_operator else made.organisation
    fields = {"params": {"shown": {}, "format": "csv", "language": "da"}, "result": {"entries": 1, "cut": False}}
    return Job.objects.create(
        organisation=organisation,
        kind=event_files.KIND,
        requested_by=made.user,
        status="DONE",
        created=at,
        queued_at=at,
        finished=at,
        file=kept,
        **fields,
    ).pk


def subscription(made: Made) -> uuid.UUID:
    """Return what the person is told of the log."""
    at = timezone.now()
    return EventSubscription.objects.create(
        user=made.user, organisation=made.organisation, name="Systemer", shown={"tag": "SYSTEM_CHANGED"}, next_due=at
    ).pk


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


def window(made: Made) -> uuid.UUID:
    """Return maintenance of the route's system that is to come."""
    begin = timezone.now() + dt.timedelta(days=1)
    values = {"starts": begin, "ends": begin + dt.timedelta(hours=2), "reason": "Opdatering"}
    return MaintenanceWindow.objects.create(system_id=made["system_id"], **values).pk


def open_run(made: Made) -> uuid.UUID:
    """Return a check that does not come to an end."""
    stuck = systems.system(organisation=made.organisation)
    return CheckRun.objects.create(system=stuck, protocol="SMTP", trigger=Trigger.MANUAL).pk


def outage(_made: Made) -> uuid.UUID:
    """Return the open time in which the fault is presumed ours."""
    values = {"started": timezone.now(), "runs": 50, "failed": 40}
    return Outage.objects.get_or_create(is_open=True, defaults=values)[0].pk


def check_link(made: Made) -> uuid.UUID:
    """Return a link to a check of the route's system."""
    shared = CheckRun.objects.select_related("system__organisation").get(pk=made["run_id"])
    sharing.make(caller=Caller.command("test"), run=shared, days=1, at=timezone.now())
    return SecretLink.objects.get(object_id=shared.pk).pk


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


def own_request(made: Made) -> uuid.UUID:
    """Return a draft of the person who asks for the page."""
    begun = AccessRequest.objects.filter(requester=made.user, organisation=made.organisation).first()
    return (begun or access_requests.draft(user=made.user, organisation=made.organisation)).pk


def operators_request(made: Made) -> uuid.UUID:
    """Return a request that waits for the operator."""
    kind = access_requests.Kind.USER_ADMIN_LOST_PRIVILEGE_REQUEST
    return access_requests.submitted(kind, organisation=made.organisation).pk


def organisations_request(made: Made) -> uuid.UUID:
    """Return a request for a role, which waits for the organisation, with a document."""
    kind = access_requests.Kind.PRIVILEGE_REQUEST
    drafted = access_requests.draft(kind, organisation=made.organisation)
    access_requests.document(drafted)
    return access_requests.submit(drafted).pk


def own_document(made: Made) -> uuid.UUID:
    """Return a document of the draft of the person who asks for the page."""
    return Documentation.objects.get(request__requester=made.user, request=made["request_id"]).pk


def operators_document(made: Made) -> uuid.UUID:
    """Return a document of the request that waits for the operator."""
    return Documentation.objects.get(request=made["request_id"]).pk


def organisations_document(made: Made) -> uuid.UUID:
    """Return a document of the request that waits for the organisation."""
    return Documentation.objects.get(request=made["request_id"]).pk


assert get_resolver().url_patterns  # the routes are known once the addresses are read


def identity(made: Made) -> uuid.UUID:
    """Return a way to sign in of whoever asks."""
    return SignInIdentity.objects.create(
        user=made.user, method="MOCES", issuer="OCES3 test 12345678", subject=str(uuid.uuid4()), cvr="12345678"
    ).pk


def passkey(made: Made) -> uuid.UUID:
    """Return a passkey of whoever asks."""
    return passkeys.passkey(user=made.user).pk


def publication(made: Made) -> uuid.UUID:
    """Return what was published of the structure."""
    return contacts.publication(organisation=made.organisation).pk


OF_DRAFTS = [name for name, route in ROUTES.items() if "/kontaktstruktur/udkast/<" in route.pattern]


def maintenance_over(made: Made) -> uuid.UUID:
    """Return maintenance that is over."""
    at = timezone.now()
    return Maintenance.objects.create(starts=at, reason="Prøve", ended=at).pk


def given_up_mail(made: Made) -> uuid.UUID:
    """Return a mail that was given up."""
    return Mail.objects.create(kind="invitation", to="kim@example.org", error="SMTPException()").pk


MAKERS: dict[str, Maker] = {
    # Planned: a page of anybody that bore it would not be what the tests compare.
    "announcement_id": lambda made: organisations.announcement(starts=timezone.now() + dt.timedelta(days=1)).pk,
    "mail_id": given_up_mail,
    "maintenance_id": maintenance_over,
    **{f"{name}.draft_id": structure_draft for name in OF_DRAFTS},
    "cvr": lambda made: made.organisation.cvr_number,
    "token": lambda made: "a" * 43,
    "handle": lambda made: "0" * 32,
    "token_id": access_token,
    "my_access_token_revoke.token_id": lambda made: access_token(made, user=made.user),
    "operation.name": lambda made: "organisation_read",
    "user_id": colleague,
    "passkey_id": passkey,
    "privilege_id": privilege,
    "delegation_pass_on.privilege_id": lambda made: delegation(made).pk,
    "delegation_return.privilege_id": lambda made: delegation(made).pk,
    "delegation_withdraw.privilege_id": passed_on,
    "user_group_id": user_group,
    "help_id": given_help,
    "help_stop.help_id": own_help,
    "identity_id": identity,
    "invitation_id": invitation,
    "event_id": event,
    "operations_event.event_id": operators_event,
    "job_id": events_file,
    "subscription_id": subscription,
    "operations_event_file.job_id": partial(events_file, of_operator=True),
    "operations_event_file_take.job_id": partial(events_file, of_operator=True),
    "structure_undo.event_id": undoable,
    "material_id": material,
    "webhook_id": lambda made: organisations.webhook(organisation=made.organisation).pk,
    "line": own_line,
    "system_id": system,
    "draft_id": draft,
    "publication_id": publication,
    "structure_import_review.file_id": uploaded_file,
    "setup_plan.file_id": uploaded_file,
    "step": lambda made: "art",
    "probe": lambda made: "mail",
    "run_id": run,
    "link_id": check_link,
    "batch_id": lambda made: systems.batch(organisation=made.organisation).pk,
    "template_id": lambda made: systems.template(organisation=made.organisation).pk,
    "letter_type_id": letter_type,
    "anchor_id": lambda made: certificates.install_anchors()[0].pk,
    "file_format": lambda made: "csv",
    "certificate_id": system_certificate,
    "moces_remove.certificate_id": own_certificate,
    "key_id": system_key,
    "next_id": next_certificate,
    "run_end.run_id": open_run,
    "outage_id": outage,
    "window_id": window,
    "request_id": swap_request,
    **{f"{name}.request_id": own_request for name in ROUTES if name.startswith("access_request_")},
    "access_request.request_id": own_request,
    **{f"{name}.request_id": operators_request for name in ROUTES if name.startswith("operations_request")},
    **{f"{name}.request_id": organisations_request for name in ROUTES if name.startswith("organisation_request")},
    "access_request_step.step": lambda made: "om-dig",
    "access_request_document.document_id": own_document,
    "access_request_document_remove.document_id": own_document,
    "operations_request_document.document_id": operators_document,
    "organisation_request_document.document_id": organisations_document,
    "act": lambda made: "afvis",
    "group_id": lambda made: contacts.group(organisation=made.organisation).pk,
    "point_id": point,
}
