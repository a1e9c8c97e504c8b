"""Makes the demo world through the portal's own rules, so that its event log tells how it came to be."""

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from adgang.demo import addresses, authority, delegating, guidance, history, papers, pki, running, staff
from adgang.demo.demo_system import DemoSystem
from adgang.demo.equipping import Workshop, check, equip, put_into_service
from adgang.demo.health import make_health
from adgang.demo.letters import make_letters
from adgang.demo.people import ORGANISATIONS, PEOPLE, by
from adgang.demo.points import make_structure
from adgang.demo.reorganisation import begin_reorganisation
from adgang.demo.requests import make_requests
from adgang.demo.standard import make_standard_systems
from adgang.demo.states import Credential
from adgang.demo.systems import SYSTEMS
from certificates.kinds import Environment
from certificates.revocation import fetching, rechecking
from certificates.revocation.addresses import set_addresses
from certificates.trusting import trust
from organisations import event_guard, events
from organisations.callers import Caller
from organisations.models import Organisation, User
from systems import registering
from systems.models import System

REVOKED_SINCE = dt.timedelta(hours=3)


class NotForDemo(Exception):
    """The installation is not one in which a demo may be made; the text says why."""


@dataclass
class World:
    """What has been made so far, by the keys of the demo's tables."""

    at: dt.datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    systems: dict[str, System] = field(default_factory=dict)


def exists() -> bool:
    """Say whether the demo's people are there."""
    return User.objects.filter(email=PEOPLE[0].email).exists()


def make(*, reset: bool = False) -> bool:
    """Make the demo world; say whether it was made, for one that is there is left alone unless `reset`.

    Raises `NotForDemo` outside demo mode, and in a database that holds organisations of its own: it is never emptied.
    """
    _guard()
    if exists() and not reset:
        return False
    if reset:
        with event_guard.unlocked():
            call_command("flush", interactive=False, verbosity=0)
    with running.endpoints():
        _make()
    return True


def _guard() -> None:
    if settings.ADGANG_ENVIRONMENT != "test" or not settings.ADGANG_DEMO:
        raise NotForDemo("The demo is made in demo mode of a test installation only: set ADGANG_DEMO=true.")
    numbers = [demo.cvr_number for demo in ORGANISATIONS]
    if Organisation.objects.exclude(cvr_number__in=numbers).exists():
        raise NotForDemo("The database holds organisations of its own; the demo needs a database for itself.")


def _make() -> None:
    world = World(at=timezone.now())
    hierarchy = _hierarchy(world)
    # The municipality has been here for a year, as its log tells.
    with transaction.atomic(), events.told_of(world.at - history.BEGUN):
        world.organisations = staff.make(at=world.at)
        _trust(hierarchy)
        workshop = Workshop(hierarchy, by("sigurd"), world.at, world.organisations["leverandoer"])
        _make_systems(world, workshop)
        staff.appoint(world.organisations, world.systems)
        delegating.delegate(world.organisations, world.systems, at=world.at)
        staff.give_employee_certificates(world.organisations, hierarchy, at=world.at)
        guidance.publish()
        guidance.prepare(organisation=world.organisations["kommune"], at=world.at)
    history.make(organisation=world.organisations["kommune"], systems=world.systems, at=world.at)
    with events.told_of(world.at - history.SET_UP):
        _set_up(world, workshop)
    with events.told_of(world.at - guidance.ANNOUNCED_AGO):
        guidance.announce(at=world.at - guidance.ANNOUNCED_AGO)
    _revoke(world)
    history.age(organisation=world.organisations["kommune"], at=world.at)
    papers.write(hierarchy, world.organisations["kommune"], at=world.at)


def _set_up(world: World, workshop: Workshop) -> None:
    # Outside the transaction, for a check writes its steps while it talks to the endpoints.
    for demo in SYSTEMS:
        if demo.checked:
            check(world.systems[demo.key], workshop)
    with transaction.atomic():
        for demo in SYSTEMS:
            put_into_service(demo, world.systems[demo.key], workshop)
        make_health(world.systems, at=timezone.now())
        make_structure(caller=by("karla"), organisation=world.organisations["kommune"], systems=world.systems)
        make_standard_systems(world.organisations, at=world.at)
        make_letters(organisation=world.organisations["kommune"])
        begin_reorganisation(caller=by("karla"), organisation=world.organisations["kommune"])
        make_requests(world.organisations)


def _hierarchy(world: World) -> pki.Pki:
    kept = pki.kept(authority.folder())
    if kept is None:
        kept = pki.make_pki(at=world.at - pki.LIFETIME)
        pki.keep(kept, authority.folder())
    return kept


def _trust(hierarchy: pki.Pki) -> None:
    files = [("root.pem", hierarchy.root.pem), ("issuing.pem", hierarchy.issuing.pem)]
    caller, first = Caller.command("demo"), settings.ADGANG_DEMO_FIRST_PORT
    trusted = trust(caller=caller, files=files, environment=Environment.TEST, unpinned=True)
    ocsp = addresses.authority(addresses.OCSP, first=first)
    for anchor in trusted.added:
        crl = addresses.authority(addresses.ROOT_CRL if anchor.is_root else addresses.ISSUING_CRL, first=first)
        set_addresses(caller=caller, anchor=anchor, crl=crl, ocsp="" if anchor.is_root else ocsp)


def _revoke(world: World) -> None:
    """Let the authority revoke what one system stands on, and the portal learn it the way it always does."""
    for demo in SYSTEMS:
        certificate = System.objects.get(pk=world.systems[demo.key].pk).certificate
        if demo.credential is Credential.REVOKED and certificate is not None:
            authority.revoke(int(certificate.serial_number, 16), at=world.at - REVOKED_SINCE)
    at = timezone.now()
    rechecking.look_through(fetching.fetch_now(at=at), at=at)
    rechecking.recheck_due(at=at)


def _make_systems(world: World, workshop: Workshop) -> None:
    for demo in SYSTEMS:
        organisation = world.organisations[demo.organisation]
        system = unsaved(demo, organisation, vendor_cvr=workshop.vendor.cvr_number)
        made = registering.create(caller=workshop.caller, system=system, networks=demo.networks)
        world.systems[demo.key] = equip(demo, made, workshop)


def unsaved(demo: DemoSystem, organisation: Organisation, *, vendor_cvr: str) -> System:
    """Return the system, not saved yet, as `systems.registering.create` takes it."""
    return System(organisation=organisation, delegated_cvr=vendor_cvr if demo.delegated else "", **demo.fields())
