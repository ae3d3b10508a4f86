"""Full text in the database itself: FTS5 on SQLite, tsvector on PostgreSQL, both over folded columns.

Neither knows that `đ` searches like `d`; the fold is done in Python and stored, so both find the same rows. Who may find
a row stands in the index as well, as words of its own: so a person of a small unit does not pay for all that the country
has under a common word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "search_entry"
COLUMNS = ("folded", "names", "audience")
_NEW = ", ".join(f"new.{column}" for column in COLUMNS)
_OLD = ", ".join(f"old.{column}" for column in COLUMNS)
_IN = f"INSERT INTO {TABLE}_fts(rowid, {', '.join(COLUMNS)}) VALUES (new.id, {_NEW});"
_OUT = f"INSERT INTO {TABLE}_fts({TABLE}_fts, rowid, {', '.join(COLUMNS)}) VALUES ('delete', old.id, {_OLD});"
SQLITE = [
    f"CREATE VIRTUAL TABLE {TABLE}_fts USING fts5({', '.join(COLUMNS)}, content='{TABLE}', content_rowid='id', "
    "prefix='2 3', tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER {TABLE}_fts_in AFTER INSERT ON {TABLE} BEGIN {_IN} END",
    f"CREATE TRIGGER {TABLE}_fts_out AFTER DELETE ON {TABLE} BEGIN {_OUT} END",
    f"CREATE TRIGGER {TABLE}_fts_new AFTER UPDATE OF {', '.join(COLUMNS)} ON {TABLE} "
    f"WHEN {' OR '.join(f'old.{column} <> new.{column}' for column in COLUMNS)} BEGIN {_OUT} {_IN} END",
    f"INSERT INTO {TABLE}_fts({TABLE}_fts) VALUES ('rebuild')",
]
# Who may find a row is written in capitals, which no folded word has: neither is ever taken for the other.
POSTGRESQL = [
    f"ALTER TABLE {TABLE} ADD COLUMN tokens tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded) "
    "|| array_to_tsvector(string_to_array(upper(audience), ' '))) STORED",
    f"ALTER TABLE {TABLE} ADD COLUMN name_tokens tsvector GENERATED ALWAYS AS (to_tsvector('simple', names)) STORED",
    f"CREATE INDEX {TABLE}_tokens ON {TABLE} USING gin (tokens)",
    f"CREATE INDEX {TABLE}_name_tokens ON {TABLE} USING gin (name_tokens)",
]


def build(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def tear_down(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in ("in", "out", "new"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_fts_{name}")
        schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}_fts")
    else:
        for column in ("tokens", "name_tokens"):
            schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {column}")


def audience_words(
    kind: str, *, is_public: bool, units: Iterable[object], keepers: Iterable[object]
) -> list[str]:
    """Who may find a row, and of which kind it is, as words of the index; a row with keepers is theirs alone."""
    people = [f"p{person}" for person in keepers]
    return [kind_word(kind), *(people or [*(["pub"] if is_public else []), *(f"u{unit}" for unit in units)])]


def kind_word(kind: str) -> str:
    """A kind as one word: `national_list` becomes `knationallist`."""
    return "k" + "".join(letter for letter in kind.casefold() if letter.isalnum())


def newest(
    words: Sequence[str], *, audience: Sequence[str], kinds: Sequence[str] = (), most: int
) -> list[int]:
    """The ids of the latest rows that hold all these folded words, the last as a beginning; at most `most`.

    `audience`: words of which one must stand with the row.
    """
    wanted = [list(audience), *([[kind_word(kind) for kind in kinds]] if kinds else [])]
    if connection.vendor == "sqlite":
        parts = [f"folded : ({_phrase(words)})"] if words else []
        parts += [f"audience : ({' OR '.join(_quoted(some))})" for some in wanted]
        return _ids(_BY_FTS5, [" AND ".join(parts), most])
    people = " & ".join(f"({' | '.join(some)})" for some in wanted).upper()
    if not words:
        return _ids(_BY_TOKENS.format("%s::tsquery"), [people, most])
    return _ids(_BY_TOKENS.format("to_tsquery('simple', %s) && %s::tsquery"), [_query(words), people, most])


def named(words: Sequence[str], *, kind: str, most: int) -> list[int]:
    """The ids of rows of one kind that are called by these words, the last as a beginning; whoever may see them."""
    if connection.vendor == "sqlite":
        return _ids(_BY_FTS5, [f'names : ({_phrase(words)}) AND audience : "{kind_word(kind)}"', most])
    return _ids(_BY_NAME, [_query(words), kind, most])


_BY_FTS5 = f"SELECT rowid FROM {TABLE}_fts WHERE {TABLE}_fts MATCH %s ORDER BY rowid DESC LIMIT %s"
_BY_TOKENS = f"SELECT id FROM {TABLE} WHERE tokens @@ ({{}}) ORDER BY id DESC LIMIT %s"
_BY_NAME = f"SELECT id FROM {TABLE} WHERE name_tokens @@ to_tsquery('simple', %s) AND kind = %s LIMIT %s"


def _ids(statement: str, parameters: Sequence[str | int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]


def _quoted(some: Sequence[str]) -> list[str]:
    return [f'"{one}"' for one in some]


def _phrase(words: Sequence[str]) -> str:
    return " AND ".join(_quoted(words)) + "*"


def _query(words: Sequence[str]) -> str:
    return " & ".join([*words[:-1], f"{words[-1]}:*"])
