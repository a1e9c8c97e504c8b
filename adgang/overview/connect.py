"""What the overview offers to the rooms below: its kind of mail, and what a departing person was responsible for."""

from adgang.lib import slots
from adgang.overview import mail, readiness
from organisations.mail import register_kind


def connect() -> None:
    """Fill slots and registers; called once when every room is ready."""
    register_kind(readiness.MAIL, mail.readiness_line)
    slots.fill("departures", readiness.responsibilities)
