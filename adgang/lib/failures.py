"""What did not go, said so that it can be told to a person: a code and the values its text needs."""

from typing import Any


class Failure(Exception):
    """`code` is a key of a table of texts, `params` the values the text is filled with (strings and numbers)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params
