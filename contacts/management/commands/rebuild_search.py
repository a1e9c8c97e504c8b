"""Make the search's vocabulary anew from the texts that stand in the contact structures now."""

from typing import Any

from django.core.management.base import BaseCommand

from contacts import search_index
from contacts.models import SearchWord


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        search_index.rebuild()
        self.stderr.write(f"{SearchWord.objects.count()} words")
