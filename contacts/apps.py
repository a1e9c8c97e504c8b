from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        from adgang.lib import findings  # noqa: PLC0415 – the registry of apps must be complete first
        from contacts import finding_texts  # noqa: PLC0415

        findings.register(finding_texts.TABLE)
