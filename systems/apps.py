from django.apps import AppConfig


class SystemsConfig(AppConfig):
    name = "systems"

    def ready(self) -> None:
        from adgang.lib import findings, slots  # noqa: PLC0415 – the registry of apps must be complete first
        from organisations import mail  # noqa: PLC0415
        from systems import (  # noqa: PLC0415
            choices,
            deliveries,
            delivery_mail,
            expiry,
            expiry_mail,
            finding_texts,
            health_mail,
            health_telling,
            outages,
            problems,
            refused,
            revoked,
            step_texts,
            swap_requests,
        )

        findings.register(finding_texts.TABLE, formats=finding_texts.FORMATS)
        findings.register(step_texts.TABLE, formats=step_texts.FORMATS)
        mail.register_kind(expiry.DIGEST, expiry_mail.digest_mail)
        mail.register_kind(health_telling.KIND, health_mail.digest_mail)
        mail.register_kind(deliveries.WARNING, delivery_mail.warning_mail)
        mail.register_kind(outages.ALARM, health_mail.outage_mail)
        mail.register_kind(swap_requests.ASKED, swap_requests.asked_mail)
        mail.register_kind(swap_requests.ANSWERED, swap_requests.answered_mail)
        mail.register_kind(revoked.REVOKED, revoked.revoked_mail)
        mail.register_kind(refused.REFUSED, refused.refused_mail)
        slots.fill("misplaced_certificates", refused.misplaced)
        slots.fill("revoked_certificates", revoked.take_out_of_force)
        slots.fill("system_choices", choices.choices)
        slots.fill("system_names", choices.names)
        slots.fill("vendor_systems", choices.vendor_systems)
        slots.fill("open_problems", problems.open_problems)
        slots.fill("object_links", problems.object_link)
        slots.fill("departures", problems.departures)
