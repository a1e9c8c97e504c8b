from django.apps import AppConfig


class AdgangConfig(AppConfig):
    name = "adgang"
    verbose_name = "Adgang"

    def ready(self) -> None:
        from adgang import checks  # noqa: F401, PLC0415 – the checks register themselves
        from adgang.about_person import exporting  # noqa: PLC0415
        from adgang.lib import findings, slots  # noqa: PLC0415
        from adgang.overview import connect  # noqa: PLC0415
        from adgang.setup import finding_texts, plan_jobs  # noqa: PLC0415

        connect.connect()
        findings.register(finding_texts.TABLE, formats=finding_texts.FORMATS)
        plan_jobs.register()
        exporting.register()
        slots.fill("forgotten", exporting.forget)
