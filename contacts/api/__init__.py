"""The room's part of the API, by noun."""

from contacts.api import drafts, groups, points

routers = [groups.router, points.router, drafts.router]
