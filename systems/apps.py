from django.apps import AppConfig


class SystemsConfig(AppConfig):
    name = "systems"

    def ready(self) -> None:
        from adgang.lib import findings  # noqa: PLC0415 – the registry of apps must be complete first
        from systems import finding_texts, step_texts  # noqa: PLC0415

        findings.register(finding_texts.TABLE, formats=finding_texts.FORMATS)
        findings.register(step_texts.TABLE, formats=step_texts.FORMATS)
