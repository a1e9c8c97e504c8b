"""The iCalendar feed of expiries and deadlines, behind a secret address that its owner can revoke."""
