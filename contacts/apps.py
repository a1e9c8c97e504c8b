from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        from adgang.lib import findings, slots  # noqa: PLC0415 – the registry of apps must be complete first
        from contacts import (  # noqa: PLC0415
            dependants,
            finding_texts,
            import_jobs,
            quality,
            quality_rules,
            responsible,
            search_index,
            undo_offers,
        )
        from contacts.drafts import due  # noqa: PLC0415
        from organisations import mail  # noqa: PLC0415

        post_migrate.connect(search_index.install, sender=self, dispatch_uid="contacts.search_index")
        findings.register(finding_texts.TABLE)
        import_jobs.register()
        mail.register_kind(due.TOLD, due.told_mail)
        slots.fill("system_dependants", dependants.system_dependants)
        slots.fill("system_panels", dependants.system_panel)
        slots.fill("contact_dependants", dependants.successors_of)
        slots.fill("event_actions", undo_offers.on_event_page)
        slots.fill("object_links", dependants.object_link)
        slots.fill("quality_rules", quality_rules.of_contacts)
        slots.fill("departures", responsible.departures)
        slots.fill("open_problems", quality.open_problems)
