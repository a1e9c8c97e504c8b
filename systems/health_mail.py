"""The mails about health: for each reader the lines that concern them, and the operator's alarm."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from organisations.mail import about
from organisations.mail_preferences import choice_context
from organisations.models import Mail, User
from systems.check_showing import RunView
from systems.health_readers import readers, topic_of
from systems.models import CheckRun, HealthDigest, HealthNews, HealthNotice, Outage, RunStatus


@dataclass(frozen=True)
class Line:
    """One system in the mail; `found` and `cure` are empty where there is nothing to mend."""

    notice: HealthNotice
    found: str
    cure: str
    url: str

    @property
    def name(self) -> str:
        """The system's name."""
        return self.notice.system.name

    @property
    def organisation(self) -> str:
        """The authority's name."""
        return self.notice.system.organisation.name


def digest_mail(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail tells its reader; None when nothing of it concerns them any more."""
    digest = HealthDigest.objects.filter(pk=about(mail)).first()
    if digest is None:
        return None
    at = timezone.now()
    notices = digest.notices.select_related("system__organisation").order_by("since", "system__name", "pk")
    lines = [_line(notice, digest.created) for notice in notices if _concerns(mail, notice, at)]
    if not lines:
        return None
    groups = {news: [line for line in lines if line.notice.news == news] for news in HealthNews}
    first = next(groups[news] for news in SUBJECT_ORDER if groups[news])
    return {
        "failing": groups[HealthNews.FAILING],
        "recovered": groups[HealthNews.RECOVERED],
        "unstable": groups[HealthNews.UNSTABLE],
        "reminders": groups[HealthNews.REMINDER],
        "first": first[0],
        "count": len(first),
        "names": ", ".join(line.name for line in first),
        "shared": shared(first),
        "several": mail.organisation is None,
        **choice_context(mail),
    }


SUBJECT_ORDER = (HealthNews.FAILING, HealthNews.UNSTABLE, HealthNews.RECOVERED, HealthNews.REMINDER)


def shared(lines: list[Line]) -> str:
    """Return the host, else the vendor, that several systems have in common; "" when there is none."""
    if len(lines) < 2:
        return ""
    hosts = {line.notice.host for line in lines}
    vendors = {line.notice.system.supplier.strip() for line in lines}
    return next((names.pop() for names in (hosts, vendors) if len(names) == 1 and "" not in names), "")


def _concerns(mail: Mail, notice: HealthNotice, at: dt.datetime) -> bool:
    told = readers(notice.system, topic_of(notice.news), at)
    return User.objects.normalize(mail.to) in {User.objects.normalize(address) for address in told}


def _line(notice: HealthNotice, until: dt.datetime) -> Line:
    system = notice.system
    found = cure = ""
    if notice.news != HealthNews.RECOVERED:
        failed = CheckRun.objects.filter(system=system, status=RunStatus.FAILED, created__lte=until)
        run = failed.newest_first().first()
        headline = RunView(run).headline if run else None
        found, cure = (headline.message, headline.remedy) if headline else ("", "")
    path = reverse("system_health", args=[system.organisation.cvr_number, system.pk])
    return Line(notice, found, cure, f"{settings.ADGANG_BASE_URL}{path}")


def outage_mail(mail: Mail) -> dict[str, Any] | None:
    """Return what the operator's alarm tells; None when it is over before it was sent."""
    outage = Outage.objects.filter(pk=about(mail), is_open=True).first()
    if outage is None:
        return None
    return {"outage": outage, "url": f"{settings.ADGANG_BASE_URL}{reverse('operations_queue')}"}
