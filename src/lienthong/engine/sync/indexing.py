"""Whether a source finds its rows by a column, or goes through all of them to do so."""

from __future__ import annotations

from lienthong.engine.session import literal, quoted
from lienthong.engine.sources.postgresql import PostgresqlSource
from lienthong.engine.sync.reading import DatabaseReader, Reader

SMALL = 20_000
"""Rows that are gone through in no time."""
_BYTES_OF_A_ROW = 100

_POSTGRESQL = """
SELECT EXISTS (
    SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = {oid} AND a.attname = {column} AND i.indisvalid AND i.indpred IS NULL AND m.amname IN ('btree', 'brin')
), pg_relation_size({oid})
"""
_MYSQL = """
SELECT index_type FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = {table}
AND column_name = {column} AND seq_in_index = 1
"""


def goes_through_all(reader: Reader, column: str) -> bool:
    """Whether finding rows by this column means going through a table that is not small. False where nobody can tell.

    Raises the errors of the source.
    """
    if not isinstance(reader, DatabaseReader):
        # A file, or a database whose rows come over as they are, is read whole whatever is asked.
        return (reader.rows_estimated or 0) > SMALL
    told = {"postgresql": _by_postgresql, "mysql": _by_mysql, "sqlite": _by_sqlite}.get(reader.source.dialect)
    return told is not None and told(reader, column)


def _by_postgresql(reader: DatabaseReader, column: str) -> bool:
    source = reader.source
    if not isinstance(source, PostgresqlSource) or source.described(reader.table).kind not in ("r", "p", "m"):
        return False
    oid = source.described(reader.table).oid
    found, size = source.ask(_POSTGRESQL.format(oid=oid, column=literal(column)))[0]
    rows = reader.rows_estimated if reader.rows_estimated is not None else int(size) // _BYTES_OF_A_ROW
    return not found and rows > SMALL


def _by_mysql(reader: DatabaseReader, column: str) -> bool:
    # A view has no number of rows.
    if (reader.rows_estimated or 0) <= SMALL:
        return False
    found = reader.source.ask(_MYSQL.format(table=reader.text(reader.table), column=reader.text(column)))
    return not any("TREE" in str(row[0]) for row in found)


def _by_sqlite(reader: DatabaseReader, column: str) -> bool:
    table, source = quoted(reader.table), reader.source
    # Rows of a view, and of a table without them, have no number.
    if source.ask(f"SELECT type FROM sqlite_master WHERE name = {literal(reader.table)}") != [("table",)]:
        return False
    for _, index, _, _, partial, *_ in source.ask(f"PRAGMA main.index_list({table})"):
        first = source.ask(f"PRAGMA main.index_info({quoted(str(index))})")[:1]
        if not partial and first and first[0][2] == column:
            return False
    if reader.declared_key == (column,) and reader.kind_of(column) == "integer":
        return False
    return bool(source.ask(f"SELECT 1 FROM {table} LIMIT 1 OFFSET {SMALL}"))
