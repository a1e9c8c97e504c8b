"""The Celery application. Schedules beyond the fixed ticks live in database columns, not here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adgang.settings")

app = Celery("adgang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
