"""`python -m benchmarks.facts ACT [ARGUMENTS]`, in the environment of an installation: acts and questions of R1 and R2.

`ask COUNT MAILS` asks for a check of each system and queues mails; `sweep SECONDS` sweeps as of so many seconds from
now; `tell` prints what has become of it all, as JSON; `person` makes a system administrator and prints what R2 needs.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

PASSWORD = "meget hemmelig adgang"


def ask(count: str, mails: str) -> None:
    """Ask for one check of each of the first systems, and put mails into the outbox."""
    from django.db import transaction
    from django.utils import timezone

    from organisations.callers import Caller
    from organisations.mail import queue_mail
    from systems import checking, outages
    from systems.models import Outage, System, Trigger

    for system in System.objects.with_page_data().order_by("name")[: int(count)]:
        checking.ask(Caller.command("R1"), system, Trigger.ACTIVATION)
    outage = Outage.objects.create(started=timezone.now(), runs=0, failed=0)
    for number in range(int(mails)):
        with transaction.atomic():
            queue_mail(kind=outages.ALARM, to=f"m{number}@example.org", object_id=outage.pk)


def sweep(seconds: str) -> None:
    """Do what beat would have done by then: look after lost runs and waiting mail."""
    import datetime as dt

    from django.utils import timezone

    from organisations.mail import send_waiting
    from systems import sweeping

    at = timezone.now() + dt.timedelta(seconds=int(seconds))
    sweeping.sweep(at=at)
    send_waiting(at=at)


def tell() -> None:
    """Print how many runs ended in which way, in how many tries, what is in the log, and which mails lie where."""
    from django.conf import settings

    from organisations.models import Event, Mail
    from systems.models import CheckRun, Trigger

    runs = list(CheckRun.objects.values_list("status", "attempt"))
    asked = CheckRun.objects.filter(trigger=Trigger.ACTIVATION).values_list("system_id", flat=True)
    events = Counter(json.loads(text)["after"]["run"] for text in _payloads(Event))
    sent = Counter(_message_ids(Path(settings.EMAIL_FILE_PATH)))
    sys.stdout.write(
        json.dumps(
            {
                "runs": len(runs),
                "asked": len(asked),
                "systems": len(set(asked)),
                "statuses": Counter(status for status, _attempt in runs),
                "again": sum(attempt > 1 for _status, attempt in runs),
                "events": sum(events.values()),
                "told_twice": sum(count > 1 for count in events.values()),
                "mails": Mail.objects.count(),
                "mails_unsent": Mail.objects.filter(sent=None).count(),
                "mails_lost": sum(str(pk) not in sent for pk in Mail.objects.values_list("pk", flat=True)),
                "mails_twice": sum(count > 1 for count in sent.values()),
            }
        )
    )


def _payloads(event: Any) -> list[str]:
    return list(event.objects.filter(tag="CONNECTION_CHECKED").values_list("payload", flat=True))


def _message_ids(folder: Path) -> list[str]:
    """Return the ids of the mails in the files of the folder; a Message-ID is the row's own."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("*.log")]
    lines = [line for text in texts for line in text.splitlines() if line.startswith("Message-ID:")]
    return [line.split("<")[1].split("@")[0] for line in lines]


def person() -> None:
    """Make an organisation with a system in service, its administrator, and a token for the API; print them."""
    from adgang.lib.secrets import new_token
    from organisations.rights import PrivilegeType
    from tests.factories.organisations import access_token, organisation, user_with
    from tests.factories.systems import system

    ours = organisation(name="Klitby Kommune")
    names = ("anna", "bent")
    for name in names:
        user_with(
            PrivilegeType.ORGANISATION_ADMINISTRATOR,
            organisation=ours,
            email=f"{name}@example.org",
            password=PASSWORD,
        )
    one = system(organisation=ours, name="Postkasse", active=True)
    token = "adg_" + new_token()
    access_token(organisation=ours, user=None, roles=(PrivilegeType.CONTACT_ADMINISTRATOR,), token=token)
    sys.stdout.write(
        json.dumps(
            {
                "cvr": ours.cvr_number,
                "organisation": str(ours.pk),
                "token": token,
                "system": str(one.pk),
                "people": [f"{name}@example.org" for name in names],
                "password": PASSWORD,
            }
        )
    )


def windows() -> None:
    """Print what stands of the objects that R2 sends twice or saves from two sides."""
    from contacts.models import ContactGroup
    from systems.models import CheckRun, HealthRules, MaintenanceWindow

    rules = HealthRules.objects.get()
    found = {
        "windows": MaintenanceWindow.objects.count(),
        "runs": CheckRun.objects.count(),
        "points": ContactGroup.objects.count(),
        "failures": rules.failures,
        "version": rules.version,
    }
    sys.stdout.write(json.dumps(found))


ACTS = {"ask": ask, "sweep": sweep, "tell": tell, "person": person, "windows": windows}


def main() -> None:
    """Do what is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")
    import django

    django.setup()
    ACTS[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
