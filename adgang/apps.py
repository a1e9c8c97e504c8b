from django.apps import AppConfig


class AdgangConfig(AppConfig):
    name = "adgang"
    verbose_name = "Adgang"
