"""Every address of the portal; each room lists its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("organisations.urls")),
    path("", include("certificates.urls")),
    path("", include("systems.urls")),
    path("", include("contacts.urls")),
    path("", include("memo.urls")),
    path("", include("adgang.overview.urls")),
    path("", include("adgang.across.urls")),
    path("", include("adgang.calendar.urls")),
    path("", include("adgang.about_person.urls")),
    path("", include("adgang.setup.urls")),
    path("", include("adgang.statistics.urls")),
    path("", include("adgang.operations.urls")),
    path("", include("adgang.api.urls")),
    path("", include("adgang.pages.urls")),
]

handler400 = "adgang.pages.errors.bad_request"
handler500 = "adgang.pages.errors.server_error"
