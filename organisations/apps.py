from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self) -> None:
        from organisations import checks, event_guard  # noqa: F401, PLC0415 – the checks register themselves

        post_migrate.connect(event_guard.install, sender=self, dispatch_uid="organisations.event_guard")
