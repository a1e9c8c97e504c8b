"""`python -m benchmarks.settlers COUNT PLACES`: fill an installation's database with systems of a simulated country.

Of a hundred, 5 lead into a black hole, 5 are refused, 2 show an expired certificate and 2 greet as SSH and go.
"""

import json
import os
import sys
from typing import Any

ORGANISATIONS = 100
BATCH = 1000
HOLES, REFUSED, EXPIRED, SSH = 5, 10, 12, 14  # of a hundred, each from the one before
REST, MAIL, AS4 = 54, 84, 90


def settle(count: int, places: dict[str, Any]) -> None:
    """Add systems until there are `count`, all in service, and let every one be due."""
    from django.utils import timezone

    from systems.models import ApiToken, CheckRun, System, SystemHealth

    certificates = _certificates()
    now, present = timezone.now(), System.objects.count()
    added = [
        System(active_from=now, **_fields(n, places), **certificates[n % ORGANISATIONS]) for n in range(present, count)
    ]
    System.objects.bulk_create(added, batch_size=BATCH)
    tokens = [
        ApiToken(system=one, prefix=f"t{one.pk.hex[:8]}", hash=one.pk.hex * 2, created=now)
        for one in added
        if one.service_protocol == "REST_PULL"
    ]
    ApiToken.objects.bulk_create(tokens, batch_size=BATCH)
    CheckRun.objects.all().delete()
    SystemHealth.objects.all().delete()
    rows = [SystemHealth(system_id=pk) for pk in System.objects.values_list("pk", flat=True)]
    SystemHealth.objects.bulk_create(rows, batch_size=BATCH)


def _certificates() -> list[dict[str, Any]]:
    """Return the organisations, each with its certificate; one key serves all."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    from certificates.models import Certificate
    from tests.factories import certificates
    from tests.factories.organisations import cvr_number, organisation

    if not Certificate.objects.exists():
        key = rsa.generate_private_key(65537, 3072)
        for number in range(ORGANISATIONS):
            owner = organisation(cvr_number=cvr_number(number), name=f"Myndighed {number:03}")
            certificates.certificate(organisation=owner, key=key, name=f"System {number}")
    kept = Certificate.objects.select_related("organisation").order_by("organisation__name")
    return [{"organisation": one.organisation, "certificate": one} for one in kept]


def _fields(number: int, places: dict[str, Any]) -> dict[str, Any]:
    """Return what one system is; its kind follows from its number."""
    host, kind = f"s{number}.land.test", number % 100
    common = {"name": f"System {number}", "is_recipient": True}
    if kind < EXPIRED:
        port = places["hole" if kind < HOLES else "refused" if kind < REFUSED else "expired"]
        return common | {"service_protocol": "REST_PUSH", "endpoint": f"https://{host}:{port}/"}
    if kind < SSH:
        return common | {"service_protocol": "SFTP", "sftp_host": host, "sftp_port": places["ssh"]}
    if kind < REST:
        return common | {"service_protocol": "REST_PUSH", "endpoint": f"https://{host}:{places['https']}/"}
    if kind < MAIL:
        relay = {"smtp_relay_host": host, "smtp_relay_port": places["smtp"]}
        return common | {"service_protocol": "SMTP", "endpoint": f"post@{host}", **relay}
    if kind < AS4:
        return common | {"service_protocol": "AS4", "endpoint": f"https://{host}:{places['https']}/"}
    return common | {"service_protocol": "REST_PULL"}


def main() -> None:
    """Fill the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")
    import django

    django.setup()
    settle(int(sys.argv[1]), json.loads(sys.argv[2]))


if __name__ == "__main__":
    main()
