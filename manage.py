#!/usr/bin/env python
"""Django's command line for Adgang."""

import os
import sys

from django.core.management import execute_from_command_line

READER_LEFT = 141  # as shells report a program that the signal PIPE ended


def main() -> None:
    """Run a command; a terminal without Danish letters and a reader who has seen enough (`| head`) are no errors."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still to be flushed goes nowhere
        sys.exit(READER_LEFT)


if __name__ == "__main__":
    main()
