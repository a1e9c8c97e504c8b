"""Finding events by the beginnings of words: what the database keeps for it, and the condition that asks for it.

PostgreSQL: a GIN index over full text vectors whose words bear the chain they belong to, so that a search reads one
organisation's words and nothing of the others, however many there are. SQLite reads through the chain.
"""

from typing import Any

from django.db.models import BooleanField, F, Func, Value

TABLE = "organisations_event"
INDEX = "event_by_words"
# Dear by its COST, so that the planner asks the index instead of working vectors out.
VECTOR = """
    CREATE OR REPLACE FUNCTION organisations_event_vector(chain uuid, words text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
    BEGIN
        RETURN array_to_tsvector(array_remove(
            string_to_array(replace(words, ' ', ' ' || left(chain::text, 8) || '.'), ' '), ''));
    END $$"""
CREATE = f"""CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE}
    USING gin (organisations_event_vector(organisation_id, words)) WITH (fastupdate = off)"""


class Begins(Func):
    """Whether a word of the event begins with one that is folded (see `event_text.words`); filters by themselves."""

    output_field = BooleanField()

    def __init__(self, word: str, *, chain: str) -> None:
        super().__init__(F("organisation_id"), F("words"), Value(f"'{chain[:8]}.{word}':*"), Value(f" {word}"))

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition that the index answers."""
        (chain, _), (words, _), (query, params) = map(compiler.compile, self.get_source_expressions()[:3])
        return f"organisations_event_vector({chain}, {words}) @@ {query}::tsquery", tuple(params)

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition as SQLite reads it."""
        words, beginning = self.get_source_expressions()[1], self.get_source_expressions()[3]
        (words_sql, _), (sql, params) = compiler.compile(words), compiler.compile(beginning)
        return f"instr({words_sql}, {sql}) > 0", tuple(params)
