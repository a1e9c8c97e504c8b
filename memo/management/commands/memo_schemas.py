"""Write memo/schemas/ from the tables of elements."""

from typing import Any

from django.core.management.base import BaseCommand

from memo import schema_writing


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        schema_writing.FOLDER.mkdir(exist_ok=True)
        for name, text in schema_writing.files().items():
            (schema_writing.FOLDER / name).write_text(text, encoding="utf-8")
        self.stdout.write(str(schema_writing.FOLDER.name))
