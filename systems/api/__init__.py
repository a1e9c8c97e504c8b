"""The room's part of the API, by noun."""

from systems.api import checks, credentials, findings, subscriptions, systems, templates

routers = [
    credentials.router,
    systems.router,
    templates.router,
    subscriptions.router,
    checks.router,
    findings.router,
]
