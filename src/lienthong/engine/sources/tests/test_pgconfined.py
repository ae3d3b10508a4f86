"""A PostgreSQL source that is to read one table knows of it what it would know among all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from lienthong.engine.errors import TableNotFound
from lienthong.engine.sources import open_source
from lienthong.engine.sources.pgcatalogue import PgTable
from lienthong.engine.sources.postgresql import PostgresqlSource
from lienthong.engine.sources.tests.test_pgpartitions import DECLARED, INHERITED
from lienthong.engine.sources.tests.test_postgresql import filled

ODD = (
    DECLARED
    + INHERITED
    + """
    CREATE SCHEMA a; CREATE SCHEMA "A"; CREATE SCHEMA "Kho"; CREATE SCHEMA "lẻ";
    CREATE TABLE a.b (id int PRIMARY KEY); CREATE TABLE public."a.b" (id text PRIMARY KEY, "ID" text, "Id" text);
    CREATE TABLE a."B" (x int REFERENCES a.b); CREATE TABLE "A".c (x int REFERENCES a.b, y text REFERENCES public."a.b");
    CREATE TABLE "Kho".rieng (id int); CREATE TABLE public."""
    + '''"""a"".""b"""'''
    + """ (id int);
    CREATE DOMAIN so_nha AS int CHECK (value > 0); CREATE DOMAIN so_dep AS so_nha NOT NULL;
    CREATE TABLE nha (so so_dep PRIMARY KEY, ghi varchar(7)[], gia numeric(9, 2), rong numeric, nguon int);
    CREATE TABLE "Nha" (so int); CREATE TABLE "lẻ"."Căn hộ" (tang int, so so_nha REFERENCES nha);
    COMMENT ON TABLE nha IS 'Nhà'; COMMENT ON COLUMN nha.gia IS 'đồng';
    CREATE VIEW xem AS SELECT so, gia FROM nha; CREATE MATERIALIZED VIEW chup AS SELECT * FROM nha;
    CREATE TABLE goc (id int PRIMARY KEY, nam int); CREATE TABLE goc2 (id int);
    CREATE TABLE hai_goc () INHERITS (goc, goc2); CREATE TABLE them (t text) INHERITS (goc);
    CREATE TABLE chau () INHERITS (them); CREATE TABLE thuan () INHERITS (goc);
    INSERT INTO goc VALUES (1, 2024);
    CREATE TABLE nguoi (id int PRIMARY KEY, nam int) PARTITION BY RANGE (id);
    CREATE TABLE nguoi_1 PARTITION OF nguoi FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);
    CREATE TABLE kho.nguoi_1a PARTITION OF nguoi_1 FOR VALUES FROM (0) TO (5);
    ALTER TABLE kho.nguoi_1a ADD UNIQUE (id);
    CREATE TABLE the (id int REFERENCES nguoi, la int REFERENCES kho.nguoi_1a (id), qua int REFERENCES goc);
    CREATE TABLE kin (id int PRIMARY KEY); CREATE TABLE mot_phan (a int, bi_mat int REFERENCES kin, b int REFERENCES goc);
    ANALYZE;
    """
)


def known(table: PgTable) -> tuple[Any, ...]:
    """All that reading a table goes by; of its parts their names and columns."""
    parts = [(one.plain_name(), one.columns, one.ambiguous) for one in table.partitions]
    return (
        table.as_table(), table.own_name(), table.attached_name("x"), table.must_be_asked(), table.columns,
        table.forbidden, table.partly, table.is_partition, table.oid, parts,
        [one.plain_name() for one in table.together],
    )  # fmt: skip


def everything_said(opened: Callable[[], PostgresqlSource]) -> int:
    """Hold each table of the whole catalogue against what a source confined to it says; how many there are."""
    with opened() as whole:
        tables, notes = whole.tables(), whole.findings()
        for table in tables:
            with opened() as confined:
                confined.confine(table.name)
                assert confined.tables() == [one for one in tables if one.name == table.name]
                assert known(confined.described(table.name)) == known(whole.described(table.name))
                assert confined.relation(table.name) == whole.relation(table.name)
                assert confined.findings() == [
                    # What may not be read is no table here, but one of that name may be.
                    one
                    for one in notes
                    if one.place.table == table.name and one.code != "table_not_permitted"
                ]
    return len(tables)


def test_a_table_is_known_alone_as_among_all(new_postgres_database: str) -> None:
    # given a catalogue of everything that is odd: names alike but for case or dots, parts, children, domains, references
    role = f"r_{urlsplit(new_postgres_database).path[1:]}"
    filled(new_postgres_database, ODD)
    place = new_postgres_database.split("@")[1]

    def owner() -> PostgresqlSource:
        return open_source(new_postgres_database)  # type: ignore[return-value]

    def reader() -> PostgresqlSource:
        return open_source(f"postgresql://{role}@{place}", password="chỉ đọc")  # type: ignore[return-value]

    filled(
        new_postgres_database,
        f"""CREATE ROLE {role} LOGIN PASSWORD 'chỉ đọc'; GRANT USAGE ON SCHEMA a, kho, "A" TO {role};
        GRANT SELECT ON a.b, "A".c, p2024, kho.p2025_bắc, the, kho.nguoi_1a, them, nha, "lẻ"."Căn hộ" TO {role};
        GRANT SELECT (a, bi_mat) ON mot_phan TO {role}; GRANT SELECT (id) ON goc, thanh_toan TO {role};
        GRANT SELECT ON thanh_toan_2024_02, thuan, "a.b" TO {role}""",
    )
    try:
        # when one source reads all, and another each alone, with every right and with few
        # then both say the same
        assert everything_said(owner) > 20
        assert everything_said(reader) > 10
    finally:
        filled(new_postgres_database, f"DROP OWNED BY {role}; DROP ROLE {role}")

    # and what is no table of its own is none here either
    for name in ("p2024", "kho.nguoi_1a", "thuan", "khong_co", "NHA", "public.nha", '"', "%"):
        with owner() as confined:
            confined.confine(name)
            with pytest.raises(TableNotFound):
                confined.table(name)


def test_a_source_that_has_listed_its_tables_keeps_them(new_postgres_database: str) -> None:
    filled(new_postgres_database, "CREATE TABLE a (id int); CREATE TABLE b (id int)")
    with open_source(new_postgres_database) as source:
        assert len(source.tables()) == 2
        source.confine("a")
        assert [one.name for one in source.tables()] == ["a", "b"]
