"""`python -m adgang.sftp_door`: the same as `manage.py sftp_door`, started by `manage.py serve` where it is on."""

import os

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the door until it is told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")
    execute_from_command_line(["manage.py", "sftp_door"])


if __name__ == "__main__":
    main()
