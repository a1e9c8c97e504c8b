"""The fixed ticks of the scheduler, and the queue of each task that has one of its own.

Everything else that is due at a time is a column of the database; a tick looks for what is.
"""

from datetime import timedelta

ROUTES = {
    "systems.check_system": {"queue": "checks"},
    "systems.checks_alive": {"queue": "checks"},
    "systems.check_system_on_schedule": {"queue": "scheduled"},
    "organisations.tell_webhooks": {"queue": "checks"},
}
TICKS = {
    "beat.tick": {"task": "organisations.worker_alive", "schedule": timedelta(seconds=10)},
    "mail.sweep": {"task": "organisations.send_waiting_mail", "schedule": timedelta(seconds=60)},
    "invitations.expire": {"task": "organisations.expire_rights", "schedule": timedelta(minutes=10)},
    "certificates.change": {"task": "systems.bring_into_force", "schedule": timedelta(seconds=60)},
    "certificates.expiry": {"task": "systems.tell_of_expiry", "schedule": timedelta(hours=1)},
    "revocation.fetch": {"task": "certificates.fetch_revocation_lists", "schedule": timedelta(seconds=60)},
    "certificates.revoked": {"task": "systems.take_out_of_force", "schedule": timedelta(seconds=60)},
    "certificates.refused": {"task": "systems.tell_of_refused", "schedule": timedelta(seconds=60)},
    "certificates.recheck": {"task": "certificates.recheck", "schedule": timedelta(seconds=60)},
    "checks.alive": {"task": "systems.checks_alive", "schedule": timedelta(seconds=10)},
    "checks.schedule": {"task": "systems.schedule_checks", "schedule": timedelta(seconds=60)},
    "checks.tell": {"task": "systems.tell_of_health", "schedule": timedelta(seconds=60)},
    "deliveries.watch": {"task": "systems.watch_deliveries", "schedule": timedelta(minutes=10)},
    "checks.sweep": {"task": "systems.sweep_checks", "schedule": timedelta(seconds=30)},
    "drafts.publish": {"task": "contacts.publish_due", "schedule": timedelta(seconds=30)},
    "jobs.sweep": {"task": "organisations.sweep_jobs", "schedule": timedelta(seconds=30)},
    "checkpoint": {"task": "organisations.write_checkpoint", "schedule": timedelta(days=1)},
    "tidy": {"task": "organisations.tidy", "schedule": timedelta(days=1)},
    "data.tidy": {"task": "adgang.tidy", "schedule": timedelta(days=1)},
    "checks.tidy": {"task": "systems.tidy", "schedule": timedelta(hours=6)},
    "events.tell": {"task": "organisations.tell_of_events", "schedule": timedelta(seconds=60)},
    "events.forward": {"task": "organisations.forward_events", "schedule": timedelta(seconds=10)},
    "webhooks.tell": {"task": "organisations.tell_webhooks", "schedule": timedelta(seconds=10)},
    "events.prune": {"task": "organisations.prune_events", "schedule": timedelta(days=1)},
}
