"""Getters that guard the views of the room."""

from organisations.access import caller, member, organisation, public

__all__ = ["caller", "member", "organisation", "public"]
