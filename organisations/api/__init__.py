"""The room's part of the API, by noun."""

from organisations.api import access_requests, events, identity_groups, logos, organisations, privileges

routers = [
    organisations.router,
    logos.router,
    events.router,
    privileges.router,
    identity_groups.router,
    access_requests.router,
]
