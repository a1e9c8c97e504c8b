"""Addresses for whoever runs the installation."""

from adgang.lib.urls import route
from adgang.operations import health, metrics, pages, switches

urlpatterns = [
    route("healthz", health.healthz, name="healthz"),
    route("readyz", health.readyz, name="readyz"),
    route("metrics", metrics.metrics, name="metrics"),
    route("drift/kontroller/", pages.operations_queue, name="operations_queue"),
    route("drift/kontroller/<uuid:run_id>/afslut/", pages.run_end, name="run_end"),
    route("drift/kontroller/fejl/<uuid:outage_id>/afslut/", pages.outage_end, name="outage_end"),
    route("drift/vedligehold/", switches.maintenance, name="maintenance"),
    route("drift/vedligehold/<uuid:maintenance_id>/afslut/", switches.maintenance_end, name="maintenance_end"),
    route("drift/logniveau/", switches.log_level, name="log_level"),
    route("drift/mails/send-igen/", pages.mails_again, name="mails_again"),
    route("drift/mails/<uuid:mail_id>/send-igen/", pages.mail_again, name="mail_again"),
]
