"""Gives the demo's systems their credentials, checks them against the local endpoints and puts them into service."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adgang.demo import server_keys
from adgang.demo.demo_system import DemoSystem
from adgang.demo.pki import Issued, Pki, holder, profile
from adgang.demo.states import Credential, Service
from adgang.lib.findings import Finding
from certificates.kinds import Kind
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Organisation
from systems import api_tokens, checking, credentials, default_recipient, key_rotation, lifecycle, probing
from systems.models import System
from systems.writing import told, write

DAY = dt.timedelta(days=1)
PAST = 40 * DAY
LIFETIME = 3 * 365 * DAY
EXPIRED_SINCE = 12 * DAY
EXPIRES_IN = 24 * DAY
TAKES_OVER_IN = 14 * DAY
# Kept over the renewal, so that the file among the demo's papers is known as one.
SHARED_HOLDER = "5b0c7f1e-6f6a-4d0e-9d55-2f3b8d9e7a11"
SHARED_NAME = "Fælles systemcertifikat"


class DemoFailed(Exception):
    """A rule refused what the demo does: the demo and the rules have parted."""


@dataclass(frozen=True)
class Workshop:
    """What the demo's systems are made with."""

    pki: Pki
    caller: Caller
    at: dt.datetime
    vendor: Organisation
    shared: dict[str, Issued] = field(default_factory=dict)


def equip(demo: DemoSystem, system: System, workshop: Workshop) -> System:
    """Give a new system its credentials and marks; returns it as it then stands."""
    if demo.token:
        api_tokens.renew(caller=workshop.caller, system=system, version=system.version, at=workshop.at)
    if demo.credential is not Credential.NONE:
        _give_certificate(demo, _stored(system), workshop)
    if demo.credential is Credential.FOLLOWED:
        _stage_successor(_stored(system), workshop)
    if demo.ssh_key:
        _give_ssh_key(_stored(system), workshop)
    if demo.rotating:
        _add_next_key(_stored(system), workshop)
    if demo.pinned and demo.at is not None:
        _pin(demo, _stored(system), workshop)
    for probe in demo.probes:
        _expect(probing.allow(caller=workshop.caller, system=_stored(system), probe=probe, at=workshop.at))
    return _stored(system)


def _stored(system: System) -> System:
    return System.objects.with_page_data().get(pk=system.pk)


def _give_certificate(demo: DemoSystem, system: System, workshop: Workshop) -> None:
    start, until, judged = _dates(demo.credential, workshop.at)
    owner = workshop.vendor if demo.credential is Credential.VENDOR else system.organisation
    if demo.credential is Credential.SHARED:
        issued = _shared(workshop, owner, start, until)
    else:
        issued = system_certificate(workshop.pki, owner, name=system.name, at=start, until=until)
    received = credentials.give_certificate(
        caller=workshop.caller, system=system, version=system.version, data=issued.pem, at=judged
    )
    if received.certificate is None:
        raise DemoFailed(f"{system.name}: {[found.message for found in received.findings]}")


def _dates(credential: Credential, at: dt.datetime) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
    """Return from when, until when, and as of when it is judged."""
    match credential:
        case Credential.EXPIRED:
            return at - LIFETIME, at - EXPIRED_SINCE, at - PAST
        case Credential.EXPIRING | Credential.SHARED | Credential.FOLLOWED:
            return at - LIFETIME + EXPIRES_IN, at + EXPIRES_IN, at
    return at - PAST, at - PAST + LIFETIME, at


def _shared(workshop: Workshop, owner: Organisation, start: dt.datetime, until: dt.datetime) -> Issued:
    """Return the one certificate of the systems that share it."""
    if owner.cvr_number not in workshop.shared:
        workshop.shared[owner.cvr_number] = system_certificate(
            workshop.pki, owner, name=SHARED_NAME, at=start, until=until, holder_id=SHARED_HOLDER
        )
    return workshop.shared[owner.cvr_number]


def _stage_successor(system: System, workshop: Workshop) -> None:
    """Stage the renewal of the system's certificate."""
    present = system.certificate
    if present is None:
        raise DemoFailed(f"{system.name}: there is nothing to follow")
    renewed = system_certificate(
        workshop.pki,
        system.organisation,
        name=system.name,
        at=workshop.at - DAY,
        until=workshop.at + LIFETIME,
        holder_id=present.holder_id,
    )
    received = credentials.give_certificate(
        caller=workshop.caller,
        system=system,
        version=system.version,
        data=renewed.pem,
        at=workshop.at,
        begin=workshop.at + TAKES_OVER_IN,
    )
    if received.certificate is None:
        raise DemoFailed(f"{system.name}: {[found.message for found in received.findings]}")


def system_certificate(
    pki: Pki, owner: Organisation, *, name: str, at: dt.datetime, until: dt.datetime, holder_id: str | None = None
) -> Issued:
    """Return a system certificate (FOCES) issued to an organisation of the demo."""
    who = holder(Kind.FOCES, cvr=owner.cvr_number, organisation=owner.name, name=name, holder_id=holder_id)
    return pki.issue(who, profile(Kind.FOCES), at=at, until=until)


def new_public_key(comment: str) -> bytes:
    """Return the public half of a new Ed25519 key as an OpenSSH line; nobody keeps the private one."""
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + f" {comment}\n".encode()


def _give_ssh_key(system: System, workshop: Workshop) -> None:
    received = credentials.give_ssh_key(
        caller=workshop.caller,
        system=system,
        version=system.version,
        data=new_public_key(f"demo@{uuid.uuid4().hex[:8]}"),
        at=workshop.at,
    )
    if received.key is None:
        raise DemoFailed(f"{system.name}: {[found.message for found in received.findings]}")


def _add_next_key(system: System, workshop: Workshop) -> None:
    """Let a next key stand beside the present one, until somebody retires that."""
    received = key_rotation.add_next_key(
        caller=workshop.caller,
        system=system,
        version=system.version,
        data=new_public_key("demo-ny"),
        at=workshop.at,
        until=workshop.at + 30 * DAY,
    )
    if received.key is None:
        raise DemoFailed(f"{system.name}: {[found.message for found in received.findings]}")


def _pin(demo: DemoSystem, system: System, workshop: Workshop) -> None:
    if demo.at is not None:
        before = told(system)
        system.pinned_host_key = server_keys.pinned_line(demo.at)
        write(
            caller=workshop.caller,
            system=system,
            version=system.version,
            tag=Tag.HOST_KEY_PINNED,
            before=before,
        )


def put_into_service(demo: DemoSystem, system: System, workshop: Workshop) -> None:
    """Bring the system to the state that the demo shows."""
    if demo.service is not Service.DRAFT:
        _begin(demo, _stored(system), workshop)
    if demo.service is Service.EXPIRING:
        _end(_stored(system), workshop, end=workshop.at + 14 * DAY)
    if demo.service is Service.ENDED:
        _end(_stored(system), workshop, end=None)
    if demo.default:
        stored = _stored(system)
        _expect(default_recipient.make_default(caller=workshop.caller, system=stored, version=stored.version))


def _begin(demo: DemoSystem, system: System, workshop: Workshop) -> None:
    caller, version = workshop.caller, system.version
    match demo.service:
        case Service.PLANNED:
            begin = workshop.at + 21 * DAY
            refused = lifecycle.plan(
                caller=caller, system=system, version=version, at=workshop.at, begin=begin, reason=demo.trouble
            )
        case Service.ENDED | Service.LAPSED:
            refused = lifecycle.activate(
                caller=caller, system=system, version=version, at=workshop.at - PAST, reason="Overført fra før."
            )
        case _:
            refused = lifecycle.activate(
                caller=caller, system=system, version=version, at=workshop.at, reason=demo.trouble
            )
    _expect(refused)


def _end(system: System, workshop: Workshop, *, end: dt.datetime | None) -> None:
    at = workshop.at
    _expect(lifecycle.deactivate(caller=workshop.caller, system=system, version=system.version, at=at, end=end))


def _expect(refused: Sequence[Finding]) -> None:
    if refused:
        raise DemoFailed("; ".join(found.message for found in refused))


def check(system: System, workshop: Workshop) -> None:
    """Carry out a connection check in the foreground."""
    run = checking.ask_here(workshop.caller, system)
    claimed = checking.claim(run.pk, worker="demo")
    if claimed is not None:
        checking.run(claimed)
