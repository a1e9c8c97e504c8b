from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "adgang.lib"
    label = "lib"
