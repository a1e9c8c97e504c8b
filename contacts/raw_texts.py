"""Values as text, made by the database: thousands of rows are read for one page, and each is only printed.

Django touches ids, numbers and truth values once more in Python, row by row; text comes as the driver made it.
"""

from typing import Any

from django.db.models import CharField, Func


class IdText(Func):
    """A UUID as people write it, made by the database: no object has to be made of it here."""

    output_field = CharField()
    template = "%(expressions)s::text"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Put the hyphens into the 32 digits that SQLite keeps."""
        sql, params = compiler.compile(self.source_expressions[0])
        parts = "||'-'||".join(f"substr({sql},{start},{length})" for start, length in DIGITS)
        return parts, tuple(params) * len(DIGITS)


DIGITS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


class Digits(Func):
    """Truth values as one text of digits. Django touches numbers row by row; text comes as the driver made it."""

    output_field = CharField()
    template = "(%(expressions)s)"
    arg_joiner = "||"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Say that they are numbers."""
        made = [compiler.compile(part) for part in self.source_expressions]
        sql = ",".join(f"({text})::int" for text, _params in made)
        return f"concat({sql})", tuple(param for _text, params in made for param in params)


class Plain(Func):
    """A value as text, in whatever way the database writes it."""

    output_field = CharField()
    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Say that it is text."""
        return super().as_sql(compiler, connection, template="%(expressions)s::text", **extra)
