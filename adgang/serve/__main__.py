"""`python -m adgang.serve`, which `make run` calls: bring the database up to date, make the demo on first start, serve.

In one process, for each start of Django takes its second.
"""

import logging
import os
import sys

import django
from django.conf import settings
from django.core.management import ManagementUtility, call_command


def prepare() -> None:
    """Migrate, and in demo mode make the demo world in a database that holds no organisation yet."""
    from organisations.models import Organisation  # noqa: PLC0415 – there are no models before the setup

    call_command("migrate", verbosity=0)
    if settings.ADGANG_DEMO and not Organisation.objects.exists():
        sys.stdout.write("Making the demo world …\n")
        sys.stdout.flush()
        # Its checks would tell of every connection, to somebody who has seen none of the portal yet.
        logging.getLogger("adgang").setLevel(logging.WARNING)
        call_command("demo")


def main() -> None:
    """Prepare and serve; ends as `manage.py serve` does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")
    django.setup()
    prepare()
    # As from the command line, so that what is wrong is said in one line and with its exit code.
    ManagementUtility(["manage.py", "serve"]).execute()


if __name__ == "__main__":
    main()
