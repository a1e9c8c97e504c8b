"""`python -m benchmarks.survivors ACT [ARGUMENTS]`, in the environment of an installation: what S1 needs of it.

`prepare COUNT PLACES` fills it with systems of the simulated country and prints, as JSON, people who may work for some
of its organisations, each with a system and a token; `verify` prints what came of the chains.
"""

import json
import os
import sys

from benchmarks.facts import PASSWORD

# Places in the table of the country: https, mail, and a system that fetches for itself.
ORGANISATIONS = (20, 60, 30, 70)


def prepare(count: str, places: str) -> None:
    """Settle the systems; let a person work for each of a few organisations."""
    from adgang.lib.secrets import new_token
    from benchmarks.settlers import settle
    from organisations.models import Organisation
    from organisations.rights import PrivilegeType
    from systems.models import System
    from tests.factories.organisations import access_token, user_with

    settle(int(count), json.loads(places))
    people = []
    for number in ORGANISATIONS:
        ours = Organisation.objects.get(name=f"Myndighed {number:03}")
        email, token = f"person{number}@example.org", "adg_" + new_token()
        user_with(PrivilegeType.ORGANISATION_ADMINISTRATOR, organisation=ours, email=email, password=PASSWORD)
        access_token(organisation=ours, user=None, roles=(PrivilegeType.CONTACT_ADMINISTRATOR,), token=token)
        system = System.objects.filter(organisation=ours).order_by("name")[0]
        people.append(
            {
                "email": email,
                "password": PASSWORD,
                "cvr": ours.cvr_number,
                "organisation": str(ours.pk),
                "system": str(system.pk),
                "token": token,
            }
        )
    sys.stdout.write(json.dumps(people))


def main() -> None:
    """Do what is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")
    import django

    django.setup()
    {"prepare": prepare}[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
