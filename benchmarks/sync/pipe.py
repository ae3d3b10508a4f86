"""The least that anyone must do: the rows in PostgreSQL's binary form from one COPY to the other, and nothing more."""

import sys

import psycopg

source, target, table, kind, since = sys.argv[1:6]
with psycopg.connect(source) as there, psycopg.connect(target) as here:
    here.execute(f"DROP TABLE IF EXISTS {table}_pipe".encode())
    columns = there.execute(
        "SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) "
        "FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        (table,),
    ).fetchone()
    here.execute(f"CREATE TABLE {table}_pipe ({columns[0]})".encode())
    query = table if kind == "initial" else f"(SELECT * FROM {table} WHERE sua_luc >= '{since}')"
    with (
        there.cursor().copy(f"COPY {query} TO STDOUT (FORMAT binary)".encode()) as out,
        here.cursor().copy(f"COPY {table}_pipe FROM STDIN (FORMAT binary)".encode()) as into,
    ):
        for piece in out:
            into.write(piece)
    if kind == "initial":
        here.execute(f"ALTER TABLE {table}_pipe ADD PRIMARY KEY (so_thu_tu)".encode())
