from django.apps import AppConfig


class MemoConfig(AppConfig):
    name = "memo"

    def ready(self) -> None:
        from adgang.lib import findings  # noqa: PLC0415 – the registry of apps must be complete first
        from memo import finding_texts  # noqa: PLC0415

        findings.register(finding_texts.TABLE)
