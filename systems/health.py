"""What is known of a system's health is true of the settings it was found with, and forgotten when they change."""

from systems.models import System, SystemHealth

# What a check dials, or shows to the other end.
DIALLED = (
    "service_protocol",
    "is_sender",
    "is_recipient",
    "endpoint",
    "receipt_endpoint",
    "sftp_host",
    "sftp_port",
    "smtp_relay_host",
    "smtp_relay_port",
    "ssh_username",
    "ssh_key_id",
)


def dials_the_same(before: System, after: System) -> bool:
    """Say whether a check of the one is a check of the other."""
    return all(getattr(before, field) == getattr(after, field) for field in DIALLED)


def forget_checks(system: System) -> None:
    """Empty the results of checks, and a person's confirmation, for what was checked is another thing now.

    A renewed certificate is no such thing: its own dates say whether it counts. The history of checks is kept.
    """
    SystemHealth.objects.filter(system=system).update(
        last_check=None,
        last_check_status="",
        last_passed=None,
        confirmed=None,
        confirmed_by=None,
        confirmed_reason="",
    )
