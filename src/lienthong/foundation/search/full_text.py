"""Full text in the database itself: FTS5 on SQLite, tsvector on PostgreSQL, both over the folded column.

Neither knows that `đ` searches like `d`; the fold is done in Python and stored, so both find the same rows.
"""

from __future__ import annotations

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "search_entry"
SQLITE = [
    f"CREATE VIRTUAL TABLE {TABLE}_fts USING fts5(folded, content='{TABLE}', content_rowid='id', prefix='2 3', "
    "tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER {TABLE}_fts_in AFTER INSERT ON {TABLE} BEGIN "
    f"INSERT INTO {TABLE}_fts(rowid, folded) VALUES (new.id, new.folded); END",
    f"CREATE TRIGGER {TABLE}_fts_out AFTER DELETE ON {TABLE} BEGIN "
    f"INSERT INTO {TABLE}_fts({TABLE}_fts, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    f"CREATE TRIGGER {TABLE}_fts_new AFTER UPDATE OF folded ON {TABLE} WHEN old.folded <> new.folded BEGIN "
    f"INSERT INTO {TABLE}_fts({TABLE}_fts, rowid, folded) VALUES ('delete', old.id, old.folded); "
    f"INSERT INTO {TABLE}_fts(rowid, folded) VALUES (new.id, new.folded); END",
]
POSTGRESQL = [
    f"ALTER TABLE {TABLE} ADD COLUMN tokens tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED",
    f"CREATE INDEX {TABLE}_tokens ON {TABLE} USING gin (tokens)",
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
        schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS tokens")


def matching(words: list[str]) -> tuple[str, list[str]]:
    """A condition, and its parameters, that holds for rows with all these folded words; the last may be a beginning."""
    if connection.vendor == "sqlite":
        phrase = " ".join(f'"{word}"' for word in words[:-1]) + f' "{words[-1]}"*'
        return (
            f"{TABLE}.id IN (SELECT rowid FROM {TABLE}_fts WHERE {TABLE}_fts MATCH %s)",
            [phrase.strip()],
        )
    query = " & ".join([*words[:-1], f"{words[-1]}:*"])
    return f"{TABLE}.tokens @@ to_tsquery('simple', %s)", [query]
