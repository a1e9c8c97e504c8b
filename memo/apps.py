from django.apps import AppConfig


class MemoConfig(AppConfig):
    name = "memo"

    def ready(self) -> None:
        from adgang.lib import findings, slots  # noqa: PLC0415 – the registry of apps must be complete first
        from memo import (  # noqa: PLC0415
            finding_texts,
            letter_quality,
            letter_texts,
            marks,
            panels,
            trial_message,
        )

        findings.register(finding_texts.TABLE)
        findings.register(letter_texts.TABLE)
        slots.fill("open_problems", marks.open_problems)
        slots.fill("object_links", panels.object_link)
        slots.fill("contact_dependants", letter_quality.replying_to)
        slots.fill("quality_rules", letter_quality.rules)
        slots.fill("system_panels", panels.system_panel)
        slots.fill("test_message", trial_message.trial_message)
