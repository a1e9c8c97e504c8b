"""Addresses of the calendar."""

from adgang.calendar import views
from adgang.lib.urls import route

urlpatterns = [
    route("o/<cvr:cvr>/kalender/", views.calendar, name="calendar"),
    route("o/<cvr:cvr>/kalender/fjern/", views.calendar_revoke, name="calendar_revoke"),
    # The secret is a whole segment of the path, which the log leaves out.
    route("kalender/<secret:token>/adgang.ics", views.calendar_feed, name="calendar_feed"),
]
