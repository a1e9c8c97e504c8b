"""What the portal sees by itself for each line: whether it is done, and the evidence with names, dates and links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib import dates
from adgang.overview.facts import Facts, Person, Registered
from organisations.models import AccessRequest
from organisations.models.access_request import RequestState
from organisations.rights import PrivilegeType, Right, roles
from systems.connected import credential_in_force
from systems.lifecycle import certificate_at
from systems.states import IN_SERVICE

# More rows than this say no more; the rest is counted and stands on the page behind the link.
SHOWN = 6
USER_ADMINISTRATOR = PrivilegeType.ORGANISATION_USER_ADMINISTRATOR


@dataclass(frozen=True)
class Evidence:
    """One thing that was seen; `url` shows it, to readers with the right."""

    text: str | Promise
    url: str = ""
    right: Right = Right.OVERVIEW_VIEW


@dataclass(frozen=True)
class Seen:
    """What the portal sees for a line: whether it is done, whether something is, and by what one can tell."""

    done: bool
    found: tuple[Evidence, ...] = ()
    begun: bool = False


def terms(facts: Facts) -> Seen:
    """The newest acceptance of the terms, in whichever version."""
    if facts.acceptance is None:
        found = tuple(map(_request, facts.onboarding))
        return Seen(done=False, found=found, begun=bool(found))
    text = _("Version %(version)s was accepted by %(name)s on %(date)s") % {
        "version": facts.acceptance.terms.label,
        "name": facts.acceptance.accepted_by,
        "date": dates.day(facts.acceptance.accepted),
    }
    return Seen(done=True, found=(Evidence(text),))


def user_administrator(facts: Facts) -> Seen:
    """Who administers people and rights."""
    holders = facts.holders(USER_ADMINISTRATOR)
    return Seen(
        done=bool(holders),
        found=(*_administrators(facts, holders), *map(_request, facts.onboarding)),
        begun=_invited(facts, USER_ADMINISTRATOR) or bool(facts.onboarding),
    )


def _request(case: AccessRequest) -> Evidence:
    """A request of the onboarding that is under way."""
    if case.state == RequestState.SUBMITTED:
        text = _("A request was sent in on %(date)s and waits for the system manager")
        return Evidence(text % {"date": dates.day(case.submitted)})
    return Evidence(_("%(name)s is appointed and has not used the activation code yet") % {"name": case.target_name})


def second_user_administrator(facts: Facts) -> Seen:
    """Whether somebody can give rights when the one user administrator is away."""
    holders = facts.holders(USER_ADMINISTRATOR)
    if len(holders) != 1:
        return Seen(done=len(holders) > 1, found=tuple(_administrators(facts, holders)))
    text = _("%(name)s is the only one. When %(name)s is away, nobody can give or take roles.") % {
        "name": holders[0].name
    }
    return Seen(done=False, found=(Evidence(text),))


def identification(facts: Facts) -> Seen:
    """Who has an employee certificate or another way to prove their identity here."""
    proven = [person for person in facts.people if person.certificate_until or person.identified]
    rest = [person for person in facts.people if person not in proven]
    found = [*map(_proof, proven)]
    if rest and proven:
        found.append(_counted(_("Missing: %(names)s"), [person.name for person in rest]))
    return Seen(
        done=bool(proven) and not rest, found=_cut(found, _people(facts), Right.PEOPLE_VIEW), begun=bool(proven)
    )


def _proof(person: Person) -> Evidence:
    if person.certificate_until is None:
        return Evidence(_("%(name)s logs in with an identity of the authority") % {"name": person.name})
    values = {"name": person.name, "date": dates.day(person.certificate_until)}
    return Evidence(_("%(name)s has an employee certificate, valid to %(date)s") % values)


def needed_roles(facts: Facts) -> Seen:
    """Who holds the roles that the relevant steps need, and who is invited."""
    filled = [role for role in facts.needed_roles if facts.holders(role)]
    found = [evidence for role in facts.needed_roles if (evidence := _role(facts, role))]
    return Seen(done=len(filled) == len(facts.needed_roles), found=tuple(found), begun=bool(found))


def _role(facts: Facts, role: PrivilegeType) -> Evidence | None:
    label = roles()[role].label
    if names := [person.name for person in facts.holders(role)]:
        return _counted("%(label)s: %(names)s", names, label=label)
    if invited := [invitation.name for invitation in facts.invitations if role in invitation.roles]:
        return _counted(_("%(label)s: %(names)s, invited"), invited, label=label)
    return None


def signed_in(facts: Facts) -> Seen:
    """Whether the people with the needed roles have been in."""
    wanted = [USER_ADMINISTRATOR, *facts.needed_roles]
    been_in = [role for role in wanted if any(person.signed_in for person in facts.holders(role))]
    holders = [person for person in facts.people if person.roles & set(wanted) and person.signed_in]
    found = [
        Evidence(
            _("%(name)s has logged in, latest on %(date)s") % {"name": person.name, "date": dates.day(person.signed_in)}
        )
        for person in holders
    ]
    return Seen(done=been_in == wanted, found=_cut(found, _people(facts), Right.PEOPLE_VIEW), begun=bool(found))


def credentials(facts: Facts) -> Seen:
    """Whether each system has the certificate or the SSH key that its protocol needs; what is missing comes first."""
    lacking = [evidence for registered in facts.systems if (evidence := _lack(facts, registered))]
    fine = len(facts.systems) - len(lacking)
    found = list(lacking)
    if fine:
        text = ngettext(
            "%(count)s system has what its protocol needs", "%(count)s systems have what their protocol needs", fine
        )
        found.append(Evidence(text % {"count": fine}, _list_of_systems(facts), Right.SYSTEMS_VIEW))
    return Seen(
        done=bool(fine) and not lacking,
        found=_cut(found, _list_of_systems(facts), Right.SYSTEMS_VIEW),
        begun=bool(fine),
    )


def _lack(facts: Facts, registered: Registered) -> Evidence | None:
    system = registered.system
    if credential_in_force(system, facts.at):
        return None
    if system.needs.ssh:
        return _of_system(facts, registered, _("user name or SSH key is missing"))
    certificate = certificate_at(system, facts.at)
    if certificate is None:
        return _of_system(facts, registered, _("certificate is missing"))
    if certificate.not_after < facts.at:
        expired = _("certificate expired on %(date)s") % {"date": dates.day(certificate.not_after)}
        return _of_system(facts, registered, expired)
    return _of_system(facts, registered, _("certificate cannot be used now"))


def sender_systems(facts: Facts) -> Seen:
    """Whether every sender system is connected."""
    return _all_connected(facts, facts.senders)


def recipient_systems(facts: Facts) -> Seen:
    """Whether every recipient system is connected."""
    return _all_connected(facts, facts.recipients)


def _all_connected(facts: Facts, systems: Sequence[Registered]) -> Seen:
    waiting = [registered for registered in systems if not registered.connected]
    ready = [registered for registered in systems if registered.connected]
    found = [_of_system(facts, registered, _how(registered)) for registered in [*waiting, *ready]]
    return Seen(
        done=bool(ready) and not waiting,
        found=_cut(found, _list_of_systems(facts), Right.SYSTEMS_VIEW),
        begun=bool(systems),
    )


def _how(registered: Registered) -> str:
    connected = registered.connected
    if connected.how and connected.when:
        values = {"how": connected.how.label, "date": dates.moment(connected.when)}
        return _("connected – %(how)s on %(date)s") % values
    if registered.state not in IN_SERVICE:
        return str(registered.state.label)
    return str(connected.lack.label if connected.lack else "")


def contact_points(facts: Facts) -> Seen:
    """Whether there is a contact point that somebody can find and write to."""
    total = sum(points.total for points in facts.points.values())
    open_ = sum(points.open for points in facts.points.values())
    if not total:
        return Seen(done=False)
    text = ngettext("%(count)s contact point, %(open)s open", "%(count)s contact points, %(open)s open", total)
    evidence = Evidence(text % {"count": total, "open": open_}, _structure(facts), Right.CONTACTS_VIEW)
    return Seen(done=open_ > 0, found=(evidence,), begun=True)


def points_connected(facts: Facts) -> Seen:
    """Whether each active contact point belongs to a recipient system that is connected."""
    known = {registered.system.pk: registered for registered in facts.systems}
    used = {system_id: points.active for system_id, points in facts.points.items() if points.active}
    ready = {system_id for system_id in used if system_id in known and known[system_id].connected}
    found = [
        _carried(facts, known.get(system_id), used[system_id]) for system_id in sorted(used, key=ready.__contains__)
    ]
    return Seen(
        done=bool(used) and ready == used.keys(),
        found=_cut(found, _structure(facts), Right.CONTACTS_VIEW),
        begun=bool(ready),
    )


def _carried(facts: Facts, registered: Registered | None, count: int) -> Evidence:
    points = ngettext("%(count)s contact point", "%(count)s contact points", count) % {"count": count}
    if registered is None:
        text = _("%(points)s: the system is out of service") % {"points": points}
        return Evidence(text, _structure(facts), Right.CONTACTS_VIEW)
    return _of_system(facts, registered, f"{points}, {_how(registered)}")


def _administrators(facts: Facts, holders: Iterable[Person]) -> list[Evidence]:
    label = roles()[USER_ADMINISTRATOR].label
    return [
        Evidence(
            f"{label}: {person.name}",
            reverse("person", args=[facts.organisation.cvr_number, person.id]),
            Right.PEOPLE_VIEW,
        )
        for person in holders
    ]


def _invited(facts: Facts, role: PrivilegeType) -> bool:
    return any(role in invitation.roles for invitation in facts.invitations)


def _of_system(facts: Facts, registered: Registered, text: str) -> Evidence:
    url = reverse("system", args=[facts.organisation.cvr_number, registered.system.pk])
    return Evidence(f"{registered.system.name}: {text}", url, Right.SYSTEMS_VIEW)


def _people(facts: Facts) -> str:
    return reverse("people", args=[facts.organisation.cvr_number])


def _list_of_systems(facts: Facts) -> str:
    return reverse("systems", args=[facts.organisation.cvr_number])


def _structure(facts: Facts) -> str:
    return reverse("structure", args=[facts.organisation.cvr_number])


def _counted(text: str, names: Sequence[str], **values: str) -> Evidence:
    shown, rest = names[:SHOWN], len(names) - SHOWN
    listed = ", ".join(shown)
    if rest > 0:
        listed += " " + ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest}
    return Evidence(text % {"names": listed, **values})


def _cut(found: Sequence[Evidence], url: str, right: Right) -> tuple[Evidence, ...]:
    """Return the first of what was found, and a link to where the rest stands."""
    rest = len(found) - SHOWN
    if rest <= 0:
        return tuple(found)
    more = ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest}
    return (*found[:SHOWN], Evidence(more, url, right))
