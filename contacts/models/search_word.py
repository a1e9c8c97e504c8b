"""The vocabulary: every word that stands in a search text."""

from django.db import models


class SearchWord(models.Model):
    """A word of the search texts of all organisations.

    Triggers add what is new (see `contacts.search_index`). Two transactions may add the same word: without a unique
    constraint neither waits for the other, and nobody minds. What no text holds any more finds nothing.
    """

    word = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["word"], name="search_word_itself")]

    def __str__(self) -> str:
        return self.word
