from django.db import migrations, models

from adgang.lib.migrations import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("systems", "0012_sender_subscription"),
    ]

    operations = [
        AddIndexOnline(
            model_name="system",
            index=models.Index(
                condition=models.Q(("is_sender", True)), fields=["organisation"], name="system_senders"
            ),
        ),
    ]
