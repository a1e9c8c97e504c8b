"""The keys of the event log, and how far each is believed.

`ADGANG_EVENT_KEY` holds the key in force; while it is being changed, the one that follows or precedes it stands behind
a comma, for not every process is restarted in the same moment. A key that was replaced moves to
`ADGANG_EVENT_OLD_KEYS`: it is believed for entries up to the chain's *seal* alone (`event_seals.py`), which was signed
with a newer one. So whoever steals a key that was replaced can write no entry, move no beginning and change nothing in
what lies behind the seal.
"""

from django.conf import settings


def current() -> list[str]:
    """Return the keys that entries may bear; new ones bear the first."""
    return [key.strip() for key in settings.ADGANG_EVENT_KEY.split(",") if key.strip()] or [""]


def replaced() -> list[str]:
    """Return the keys that are believed for what is sealed alone."""
    return list(settings.ADGANG_EVENT_OLD_KEYS)
