from django.apps import AppConfig


class AdgangConfig(AppConfig):
    name = "adgang"
    verbose_name = "Adgang"

    def ready(self) -> None:
        from adgang import checks  # noqa: F401, PLC0415 – the checks register themselves
        from adgang.overview import connect  # noqa: PLC0415

        connect.connect()
