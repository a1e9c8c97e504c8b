"""Addresses for whoever runs the installation."""

from adgang.lib.urls import route
from adgang.operations import health

urlpatterns = [
    route("healthz", health.healthz, name="healthz"),
    route("readyz", health.readyz, name="readyz"),
]
