"""`manage.py sftp_door`: the server in which a system learns whether it is accepted."""

import io
from typing import Any

import paramiko
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.lib.connections import release_connection
from adgang.serve.ctrl_c import leave_to_the_supervisor
from adgang.sftp_door.server import Door, listen
from systems import door


class Command(BaseCommand):
    help = (
        "Run the SFTP door on ADGANG_SFTP_PORT until Ctrl-C or SIGTERM; a system signs in there with its registered "
        "user name and key and reads whether it is accepted. Exit 2 when the port is not set or cannot be listened on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host-key", action="store_true", help="print the door's public host key and end")

    def handle(self, *args: Any, **options: Any) -> None:
        key = door.host_key()
        release_connection()
        if options["host_key"]:
            public = paramiko.Ed25519Key(file_obj=io.StringIO(key.decode("ascii")))
            self.stdout.write(f"{public.get_name()} {public.get_base64()} {public.fingerprint}")
            return
        if not settings.ADGANG_SFTP_PORT:
            raise CommandError("The SFTP door is off; set ADGANG_SFTP_PORT.", returncode=2)
        try:
            listener = listen(settings.ADGANG_BIND, settings.ADGANG_SFTP_PORT)
        except OSError as error:
            text = f"Nobody can listen on port {settings.ADGANG_SFTP_PORT}: {error}"
            raise CommandError(text, returncode=2) from error
        leave_to_the_supervisor()
        with listener:
            Door(listener, host_key=key).serve()
