"""What the database keeps beside the search texts, so that a search is quick, and the conditions that use it.

PostgreSQL: a GIN index over organisation and full text vector, one over the trigrams of the vocabulary, and B-trees
over the beginnings of names. SQLite: FTS5 over the texts, and FTS5 with trigrams over the vocabulary. Triggers keep the
vocabulary (and FTS5) in step with `search_text` whoever writes it. All of it is made after every `migrate`: SQLite
drops the triggers of a table silently when a migration rebuilds it.

A full text vector holds every word of the text, those before the empty line once more with "=" before them, and each
line of that part with "#" before it and "_" between its words. The words are folded and stemmed in Python, alike for
both databases, so no text search configuration takes part.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Q

from contacts.models import ContactGroup, ContactPoint, SearchWord
from contacts.search_words import trigrams

POINTS, GROUPS = ContactPoint._meta.db_table, ContactGroup._meta.db_table
TABLES = (POINTS, GROUPS)
WORDS = SearchWord._meta.db_table
# So much of a text is indexed by its beginning: the name, which comes first.
BEGINNING = 200
NAME = f'left({{table}}.search_text, {BEGINNING}) COLLATE "C"'

# --- PostgreSQL ---

# Dear by its COST, so that the planner asks the index instead of reading through an organisation's rows.
VECTOR = r"""
    CREATE OR REPLACE FUNCTION contacts_search_vector(body text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 2000 AS $$
    DECLARE head text := split_part(body, E'\n\n', 1);
    BEGIN
        RETURN array_to_tsvector(array_remove(
            string_to_array(translate(body, E'\n', ' '), ' ')
            || string_to_array('=' || replace(translate(head, E'\n', ' '), ' ', ' ='), ' ')
            || string_to_array('#' || replace(replace(head, ' ', '_'), E'\n', ' #'), ' '), ''));
    END $$"""
# Two transactions may both add a word that is new; neither waits for the other.
LEARNED = f"""
    INSERT INTO {WORDS} (word)
    SELECT found.word FROM (
        SELECT DISTINCT unnest(string_to_array(translate(search_text, E'\\n', ' '), ' ')) AS word FROM {{changed}}
    ) AS found
    WHERE found.word <> '' AND NOT EXISTS (SELECT FROM {WORDS} AS known WHERE known.word = found.word)"""
NEW = "new_rows"
DIFFERENT = (
    "(SELECT n.search_text FROM new_rows n JOIN old_rows o USING (id)"
    " WHERE n.search_text IS DISTINCT FROM o.search_text) AS changed"
)
LEARN = f"""
    CREATE OR REPLACE FUNCTION contacts_learn_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN {LEARNED.format(changed=NEW)};
        ELSE {LEARNED.format(changed=DIFFERENT)};
        END IF;
        RETURN NULL;
    END $$"""


def _postgresql() -> Iterable[str]:
    yield VECTOR
    yield LEARN
    for table in TABLES:
        name = NAME.format(table=table).replace(f"{table}.", "")
        yield f"""CREATE INDEX IF NOT EXISTS {table}_search ON {table}
            USING gin (organisation_id, contacts_search_vector(search_text)) WITH (fastupdate = off)"""
        yield f"CREATE INDEX IF NOT EXISTS {table}_name ON {table} (({name}), id)"
        yield f"CREATE INDEX IF NOT EXISTS {table}_own_name ON {table} (organisation_id, ({name}), id)"
        yield f"""CREATE OR REPLACE TRIGGER {table}_words_added AFTER INSERT ON {table}
            REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION contacts_learn_words()"""
        yield f"""CREATE OR REPLACE TRIGGER {table}_words_changed AFTER UPDATE ON {table}
            REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION contacts_learn_words()"""
    yield f"""CREATE INDEX IF NOT EXISTS {WORDS}_grams ON {WORDS}
        USING gin (word gin_trgm_ops) WITH (fastupdate = off)"""
    yield f"CREATE INDEX IF NOT EXISTS {POINTS}_registry_id ON {POINTS} (registry_id) WHERE registry_id IS NOT NULL"


# --- SQLite ---

# FTS5 knows its rows by number alone, and VACUUM may number those of a table without such a key anew.
ROWS = "contacts_searchrow"
TEXTS = "contacts_searchtext"
GRAMS = "contacts_searchgrams"
FORGET = [
    f"DELETE FROM {TEXTS} WHERE rowid = (SELECT id FROM {ROWS} WHERE object_id = OLD.id)",
    f"DELETE FROM {ROWS} WHERE object_id = OLD.id",
]
ADD_ROWS = f"INSERT INTO {ROWS} (object_id) SELECT id FROM {{rows}}"
ADD_TEXTS = f"""
    INSERT INTO {TEXTS} (rowid, head, rest)
    SELECT r.id, substr(t.search_text, 1, instr(t.search_text || char(10, 10), char(10, 10)) - 1),
        substr(t.search_text, instr(t.search_text || char(10, 10), char(10, 10)))
    FROM {{rows}} AS t JOIN {ROWS} AS r ON r.object_id = t.id"""
# Folded words hold nothing that JSON would escape.
ADD_WORDS = f"""
    INSERT INTO {WORDS} (word) SELECT DISTINCT found.value
    FROM {{rows}} AS t, json_each('["' || replace(replace(t.search_text, char(10), ' '), ' ', '","') || '"]') AS found
    WHERE found.value <> '' AND NOT EXISTS (SELECT 1 FROM {WORDS} AS known WHERE known.word = found.value)"""
ADD = [ADD_ROWS, ADD_TEXTS, ADD_WORDS]
THIS_ROW = "(SELECT NEW.id AS id, NEW.search_text AS search_text)"
KEEP = [statement.format(rows=THIS_ROW) for statement in ADD]


def _sqlite() -> Iterable[str]:
    yield f"CREATE TABLE IF NOT EXISTS {ROWS} (id INTEGER PRIMARY KEY, object_id TEXT NOT NULL UNIQUE)"
    yield f"""CREATE VIRTUAL TABLE IF NOT EXISTS {TEXTS}
        USING fts5(head, rest, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'")"""
    yield f"CREATE VIRTUAL TABLE IF NOT EXISTS {GRAMS} USING fts5(word, tokenize = 'trigram')"
    for table in TABLES:
        yield _trigger(f"{table}_words_added", f"AFTER INSERT ON {table}", KEEP)
        changed = f"AFTER UPDATE OF search_text ON {table} WHEN OLD.search_text IS NOT NEW.search_text"
        yield _trigger(f"{table}_words_changed", changed, [*FORGET, *KEEP])
        yield _trigger(f"{table}_words_gone", f"AFTER DELETE ON {table}", FORGET)
    # The word with its edges, as PostgreSQL cuts it into trigrams.
    gram = f"INSERT INTO {GRAMS} (rowid, word) VALUES (NEW.id, '  ' || NEW.word || ' ')"
    yield _trigger(f"{WORDS}_added", f"AFTER INSERT ON {WORDS}", [gram])
    gone = f"DELETE FROM {GRAMS} WHERE rowid = OLD.id"
    yield _trigger(f"{WORDS}_gone", f"AFTER DELETE ON {WORDS}", [gone])


def _trigger(name: str, when: str, acts: Iterable[str]) -> str:
    return f"CREATE TRIGGER IF NOT EXISTS {name} {when} BEGIN {'; '.join(acts)}; END"


# --- Both ---


def install(using: str = "default", **_: Any) -> None:
    """Make indexes and triggers, and learn the texts that were there before them; does nothing where they are."""
    database = connections[using]
    if not {*TABLES, WORDS} <= set(database.introspection.table_names()):
        return
    is_new = not _has_triggers(using)
    with database.cursor() as cursor:
        for statement in _sqlite() if database.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)
    if is_new:
        rebuild(using)


def _has_triggers(using: str) -> bool:
    database = connections[using]
    catalogue = "sqlite_master WHERE name" if database.vendor == "sqlite" else "pg_trigger WHERE tgname"
    with database.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} = '{POINTS}_words_added'")
        return bool(cursor.fetchone()[0])


def rebuild(using: str = "default") -> None:
    """Forget every word and learn those that stand in the texts now: what stands nowhere any more is gone."""
    database = connections[using]
    is_sqlite = database.vendor == "sqlite"
    with transaction.atomic(using=using), database.cursor() as cursor:
        for table in (WORDS, ROWS, TEXTS) if is_sqlite else (WORDS,):
            cursor.execute(f"DELETE FROM {table}")
        for table in TABLES:
            for statement in ADD if is_sqlite else [LEARNED]:
                cursor.execute(statement.format(rows=table, changed=table))


# --- Asking ---

# For each word of the question the words that stand for it.
Alternatives = Sequence[Collection[str]]


def holding(rows: Any, words: Alternatives, *, in_head: bool = False) -> Any:
    """Return those of `rows` (groups or points) whose text holds one word of each of `words`.

    `in_head`: in the name, the search terms or the codes.
    """
    if connection.vendor == "sqlite":
        column = "head" if in_head else "head rest"
        asked = " AND ".join(f"{{{column}}} : ({' OR '.join(map(_in_fts, some))})" for some in words)
        numbers = f"SELECT rowid FROM {TEXTS} WHERE {TEXTS} MATCH %s"
        return _where(rows, f"{{table}}.id IN (SELECT object_id FROM {ROWS} WHERE id IN ({numbers}))", asked)
    mark = "=" if in_head else ""
    asked = " & ".join(f"({' | '.join(_quoted(mark + word) for word in some)})" for some in words)
    return _where(rows, VECTOR_HOLDS, asked)


VECTOR_HOLDS = "contacts_search_vector({table}.search_text) @@ %s::tsquery"


def of_line(rows: Any, line: str) -> Any:
    """Return those of `rows` that have just this line in the head of their text: a name, a term or a code."""
    if connection.vendor == "sqlite":
        edges = Q(search_text=line) | Q(search_text__startswith=f"{line}\n") | Q(search_text__endswith=f"\n{line}")
        return rows.filter(edges | Q(search_text__contains=f"\n{line}\n"))
    return _where(rows, VECTOR_HOLDS, _quoted("#" + line.replace(" ", "_")))


def named(rows: Any, line: str) -> Any:
    """Return those of `rows` whose name is `line`."""
    name = NAME if connection.vendor == "postgresql" else f"substr({{table}}.search_text, 1, {BEGINNING})"
    found = _where(rows, f"{name} >= %s AND {name} < %s", line[:BEGINNING], f"{line}\n"[:BEGINNING] + LAST)
    edge = Q(search_text=line) | Q(search_text__startswith=f"{line}\n")
    return found.filter(edge).extra(order_by=[f"{rows.model._meta.db_table}.id"])


LAST = "\U0010ffff"


def _where(rows: Any, condition: str, *values: str) -> Any:
    # The values travel as parameters; the table is the model's own. `extra` is what Django has for another's operators.
    return rows.extra(where=[condition.format(table=rows.model._meta.db_table)], params=values)


def _in_fts(word: str) -> str:
    return f'"{word}"'


def _quoted(word: str) -> str:
    """Return a word as a tsquery writes it; folded words hold neither quotes nor backslashes."""
    return f"'{word}'"


def beginning_or_containing(words: Any, beginning: str, part: str) -> Any:
    """Return those of the vocabulary's `words` that begin with `beginning`, or in which `part` (three letters or more,
    or "") stands anywhere.
    """
    if connection.vendor == "postgresql":
        anywhere = Q(word__contains=part) if part else Q()
        return words.filter(Q(word__startswith=beginning) | anywhere)
    condition, values = f"{WORDS}.word >= %s AND {WORDS}.word < %s", [beginning, beginning + LAST]
    if part:
        condition, values = f"({condition} OR {IN_GRAMS})", [*values, f'"{part}"']
    return words.extra(where=[condition], params=values)


def looking_like(words: Any, word: str) -> Any:
    """Return those of the vocabulary's `words` that share enough trigrams with `word` to be worth a comparison."""
    if connection.vendor == "postgresql":
        return words.extra(where=[f"{WORDS}.word %% %s"], params=[word])
    asked = " OR ".join(f'"{gram}"' for gram in sorted(trigrams(word)))
    return words.extra(where=[IN_GRAMS], params=[asked])


IN_GRAMS = f"{WORDS}.id IN (SELECT rowid FROM {GRAMS} WHERE {GRAMS} MATCH %s)"
