"""`manage.py serve`: web, two workers and beat in one foreground process group."""

import sys
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from adgang.demo import addresses
from adgang.serve import ports, processes
from adgang.serve.processes import Process
from adgang.serve.supervisor import Supervisor


class Command(BaseCommand):
    help = (
        "Run web, two workers and beat together until Ctrl-C or SIGTERM; with ADGANG_DEMO also the demo's endpoints. "
        "The port is PORT (8000). Exit 0 when told to stop, 1 when one of them ended by itself, 2 when it cannot start."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self._require_ports()
        self._require_migrations()
        supervisor = Supervisor(self._processes, say=self._say)
        # The web process listens once it has loaded all of the portal.
        there = partial(ports.is_listened_on, settings.ADGANG_BIND, settings.PORT)
        sys.exit(supervisor.run(when_started=self._announce, pages_are_there=there, when_there=self._ready))

    @property
    def _processes(self) -> list[Process]:
        return processes.local(demo=settings.ADGANG_DEMO, door=bool(settings.ADGANG_SFTP_PORT))

    def _require_ports(self) -> None:
        try:
            ports.require_free(settings.ADGANG_BIND, settings.PORT)
        except ports.PortUnavailable as unavailable:
            raise CommandError(f"{unavailable} Choose another: PORT={settings.PORT + 1}", returncode=2) from unavailable
        if settings.ADGANG_SFTP_PORT:
            self._require_door()
        if settings.ADGANG_DEMO:
            self._require_demo_ports(settings.ADGANG_DEMO_FIRST_PORT)

    def _require_door(self) -> None:
        try:
            ports.require_free(settings.ADGANG_BIND, settings.ADGANG_SFTP_PORT)
        except ports.PortUnavailable as unavailable:
            raise CommandError(f"{unavailable} Choose another ADGANG_SFTP_PORT.", returncode=2) from unavailable

    def _require_demo_ports(self, first: int) -> None:
        try:
            for endpoint in addresses.LISTENING:
                ports.require_free(addresses.HOST, addresses.port(endpoint, first=first))
        except ports.PortUnavailable as unavailable:
            hint = f"The demo's endpoints use {first}–{first + len(addresses.Endpoint) - 1}; is another demo running?"
            raise CommandError(f"{unavailable} {hint}", returncode=2) from unavailable

    def _require_migrations(self) -> None:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        connection.close()
        if missing:
            raise CommandError(f"The database lacks {missing} migrations; run manage.py migrate first.", returncode=2)

    def _announce(self) -> None:
        self._say(f"Starting {', '.join(process.name for process in self._processes)} …")

    def _ready(self) -> None:
        self._say(f"Adgang is ready at {settings.ADGANG_BASE_URL} – stop it with Ctrl-C")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
