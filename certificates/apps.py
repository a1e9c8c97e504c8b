from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from adgang.lib import findings, slots  # noqa: PLC0415 – the registry of apps must be complete first
        from certificates import finding_texts, moces, person_panel, uploading  # noqa: PLC0415
        from certificates.revocation import mails  # noqa: PLC0415
        from organisations import mail  # noqa: PLC0415

        findings.register(finding_texts.TABLE, formats=finding_texts.FORMATS)
        mail.register_kind(mails.REVOKED, mails.revoked_mail)
        mail.register_kind(mails.REFUSED, mails.refused_mail)
        slots.fill("sign_in_methods", moces.way)
        slots.fill("person_panels", person_panel.person_panel)
        slots.fill("forgotten", uploading.forget)
