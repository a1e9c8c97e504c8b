from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self) -> None:
        # The registry of apps must be complete before models can be imported; the checks register themselves.
        from adgang.lib import findings, slots  # noqa: PLC0415
        from organisations import (  # noqa: PLC0415
            checks,  # noqa: F401
            event_chains,
            event_files,
            event_guard,
            exporting,
            mail,
            mail_kinds,
            problems,
            refusals,
        )
        from organisations.oidc import offering as oidc  # noqa: PLC0415
        from organisations.saml import offering as saml  # noqa: PLC0415

        post_migrate.connect(event_guard.install, sender=self, dispatch_uid="organisations.event_guard")
        findings.register(refusals.TABLE, formats=refusals.FORMATS)
        for kind, build in mail_kinds.KINDS.items():
            mail.register_kind(kind, build)
        event_files.register()
        event_chains.register()
        slots.fill("sign_in_methods", saml.way)
        slots.fill("sign_in_methods", oidc.way)
        slots.fill("list_exports", exporting.note_export)
        slots.fill("open_problems", problems.open_problems)
        slots.fill("object_links", problems.object_link)
