"""The demo's groups, what its authorities gave their vendor, and a review of rights that is due."""

import datetime as dt
from collections.abc import Mapping

from adgang.demo.equipping import DAY, DemoFailed
from adgang.demo.people import by, demo_person
from adgang.lib.findings import Finding
from organisations import groups, privileges
from organisations.callers import Caller
from organisations.grants import Wish
from organisations.models import Organisation, Privilege, RightsReview
from organisations.models.privilege import Grantee
from organisations.rights import PrivilegeType as Role
from systems.models import System


def delegate(organisations: Mapping[str, Organisation], systems: Mapping[str, System], *, at: dt.datetime) -> None:
    """Let three authorities give the vendor a role, one of them for a single system, and the vendor pass them on."""
    vendor, authority = organisations["leverandoer"], organisations["kommune"]
    team = groups.create(
        caller=by("viola"), organisation=vendor, name="Vagthold", description="Svarer, når en kontrol fejler"
    )
    if isinstance(team, Finding):
        raise DemoFailed(team.message)
    groups.add(caller=by("viola"), group=team, user=demo_person("viola"))
    system = systems["fagsystem"]
    limited = Wish(type=Role.ORGANISATION_ADMINISTRATOR, system_id=system.pk, active_to=at + 300 * DAY)
    _pass_on(_give(by("olga"), authority, vendor, limited), team)
    whole = Wish(type=Role.ORGANISATION_ADMINISTRATOR)
    _pass_on(_give(by("kontor"), organisations["styrelse"], vendor, whole), team)
    _pass_on(_give(by("rikke"), organisations["region"], vendor, Wish(type=Role.READER)), demo_person("viola"))
    operations = groups.create(caller=by("olga"), organisation=authority, name="Driften", description="Drift og vagt")
    if isinstance(operations, Finding):
        raise DemoFailed(operations.message)
    groups.add(caller=by("olga"), group=operations, user=demo_person("sigurd"))
    _give(by("olga"), authority, operations, Wish(type=Role.LETTER_ADMINISTRATOR))
    _review(authority, at)


def _give(caller: Caller, organisation: Organisation, grantee: Grantee, wish: Wish) -> Privilege:
    given = privileges.grant(caller=caller, organisation=organisation, grantee=grantee, wish=wish)
    if isinstance(given, Finding):
        raise DemoFailed(given.message)
    return given


def _pass_on(parent: Privilege, grantee: Grantee) -> None:
    if parent.scope is None:
        raise DemoFailed("a delegation has a scope")
    wish = Wish(type=Role(parent.type), system_id=parent.system_id, active_to=parent.active_to, parent=parent)
    _give(by("viola"), parent.scope, grantee, wish)


def _review(organisation: Organisation, at: dt.datetime) -> None:
    """Make the roles old enough that their review is due soon."""
    Privilege.objects.filter(scope=organisation).update(created=at - 200 * DAY)
    due = (at + 20 * DAY).date()
    RightsReview.objects.create(organisation=organisation, begun=at - 345 * DAY, due=due)
