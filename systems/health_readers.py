"""Who is told of a system's health, and which systems are likely to fail together."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db.models import Q

from organisations.mail_preferences import addressees
from organisations.mail_topics import Topic
from organisations.models import Privilege, User
from organisations.rights import PrivilegeType
from systems.expiry import contacts_of
from systems.models import HealthNews, System
from systems.swap_requests import administrators


def topic_of(news: str) -> Topic:
    """Return the topic under which people choose whether they want such a line."""
    return Topic.HEALTH_REMINDERS if news == HealthNews.REMINDER else Topic.HEALTH


def keepers(system: System, at: dt.datetime) -> list[User]:
    """Return the system administrators of the organisation, and those whose own role is limited to this system."""
    limited = Privilege.objects.active(at).filter(
        system_id=system.pk, scope=system.organisation_id, type=PrivilegeType.ORGANISATION_ADMINISTRATOR
    )
    own = User.objects.filter(is_active=True, pk__in=limited.values("user_id"))
    return list({user.pk: user for user in (*administrators(system.organisation, at), *own)}.values())


def readers(system: System, topic: Topic, at: dt.datetime) -> dict[str, str]:
    """Return the addresses that are told something of a system, each with its language."""
    return addressees(topic, system.organisation, people=keepers(system, at), contacts=contacts_of(system))


def siblings(systems: Iterable[System]) -> Q:
    """Return the condition of systems that share a vendor or a host with one of some systems; none for none."""
    related = Q(pk__in=[])
    for system in systems:
        related |= _vendor(system) | _host(system)
    return related


def _vendor(system: System) -> Q:
    named = Q(supplier__iexact=system.supplier.strip()) if system.supplier.strip() else Q(pk__in=[])
    return named | (Q(delegated_cvr=system.delegated_cvr) if system.delegated_cvr else Q(pk__in=[]))


def _host(system: System) -> Q:
    shared = Q(pk__in=[])
    if system.sftp_host:
        shared |= Q(sftp_host__iexact=system.sftp_host)
    if system.smtp_relay_host:
        shared |= Q(smtp_relay_host__iexact=system.smtp_relay_host)
    for endpoint in (system.endpoint, system.receipt_endpoint):
        if place := _place(endpoint):
            shared |= Q(endpoint__istartswith=place) | Q(receipt_endpoint__istartswith=place)
    return shared


def _place(endpoint: str) -> str:
    """Return the beginning of every URL of the same server; "" for what is no URL."""
    if not endpoint.lower().startswith("https://"):
        return ""
    return f"https://{urlsplit(endpoint).netloc}/"
