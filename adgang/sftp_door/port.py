"""Whether the port of the SFTP door can be one, for the system checks."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import Error


def port_is_sound() -> Iterator[Error]:
    """Yield what is wrong with ADGANG_SFTP_PORT."""
    port = settings.ADGANG_SFTP_PORT
    if not 0 <= port < 65536 or (port and port == settings.PORT):
        yield Error(
            f"ADGANG_SFTP_PORT is {port}.",
            hint="It is a port of its own from 1 to 65535, such as 2222, or 0 for no SFTP door.",
            id="adgang.E019",
        )
