"""Parents and partitions of a live PostgreSQL: every row counted once, whichever way the table was parted."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from lienthong.engine.shapes import ForeignKey, Look
from lienthong.engine.sources import open_source
from lienthong.engine.sources.tests.test_postgresql import agrees, filled, look


def counted(seen: Look) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {one.table.name: (one.profile.rows, one.table.partitions) for one in seen.tables}


def said(seen: Look) -> list[tuple[str, str]]:
    return sorted((finding.code, str(finding.place)) for finding in seen.findings)


DECLARED = """
    CREATE TABLE "Thu phí" (id int, năm int, vùng text) PARTITION BY RANGE (năm);
    CREATE TABLE p2024 PARTITION OF "Thu phí" FOR VALUES FROM (2024) TO (2025);
    CREATE TABLE p2025 PARTITION OF "Thu phí" FOR VALUES FROM (2025) TO (2026) PARTITION BY LIST (vùng);
    CREATE SCHEMA kho;
    CREATE TABLE kho.p2025_bắc PARTITION OF p2025 FOR VALUES IN ('Bắc');
    CREATE TABLE p2025_khác PARTITION OF p2025 DEFAULT;
    INSERT INTO "Thu phí" SELECT n, 2024 + n % 2, CASE WHEN n % 3 = 0 THEN 'Bắc' ELSE 'Nam' END
                          FROM generate_series(1, 900) n;
    ANALYZE;
"""


def test_partitions_of_partitions_are_one_table(new_postgres_database: str) -> None:
    filled(new_postgres_database, DECLARED)

    seen = look(new_postgres_database)

    assert counted(seen) == {"Thu phí": (900, ("p2024", "p2025_khác", "kho.p2025_bắc"))}
    table = seen.tables[0].table
    assert (table.rows, table.native_kind) == (900, "partitioned table")
    assert table.size_bytes
    assert table.size_bytes >= 3 * 8192
    assert said(seen) == [("partitions_counted_once", "Thu phí")]
    form = json.loads(json.dumps(seen.as_json()))["tables"][0]
    assert form["partitions"] == ["p2024", "p2025_khác", "kho.p2025_bắc"]
    assert form["size_bytes"] == table.size_bytes


INHERITED = """
    CREATE TABLE khach (id int PRIMARY KEY);
    CREATE TABLE thanh_toan (id int, ngay date, tien numeric(9, 2), khach_id int);
    CREATE TABLE thanh_toan_2024_01 (CHECK (ngay < '2024-02-01')) INHERITS (thanh_toan);
    CREATE TABLE thanh_toan_2024_02 (CHECK (ngay >= '2024-02-01'),
        FOREIGN KEY (khach_id) REFERENCES khach) INHERITS (thanh_toan);
    CREATE TABLE bien_lai (so int, thanh_toan_id int);
    INSERT INTO khach SELECT generate_series(1, 5);
    INSERT INTO thanh_toan_2024_01 SELECT n, '2024-01-10', n, 1 + n % 5 FROM generate_series(1, 300) n;
    INSERT INTO thanh_toan_2024_02 SELECT 300 + n, '2024-02-10', n, 1 + n % 5 FROM generate_series(1, 200) n;
"""


def test_inheriting_partitions_without_keys_are_one_table(new_postgres_database: str) -> None:
    filled(new_postgres_database, INHERITED)

    seen = look(new_postgres_database)

    agrees(new_postgres_database, seen)
    assert counted(seen) == {
        "bien_lai": (0, ()),
        "khach": (5, ()),
        "thanh_toan": (500, ("thanh_toan_2024_01", "thanh_toan_2024_02")),
    }
    assert said(seen) == [("partitions_counted_once", "thanh_toan")]
    assert seen.tables[2].profile.column("id").distinct == 500


def test_rows_that_stayed_in_the_parent_are_counted_and_told(new_postgres_database: str) -> None:
    filled(new_postgres_database, INHERITED + "INSERT INTO thanh_toan VALUES (9999, '2030-01-01', 1, 1)")

    seen = look(new_postgres_database)

    assert counted(seen)["thanh_toan"][0] == 501
    assert ("own_rows_beside_partitions", "thanh_toan") in said(seen)


def test_a_child_with_columns_of_its_own_stands_apart_and_is_not_counted_twice(
    new_postgres_database: str,
) -> None:
    filled(
        new_postgres_database,
        """CREATE TABLE do_thi (ten text, dan_so int);
        CREATE TABLE thu_phu (vung text) INHERITS (do_thi);
        CREATE TABLE do_thi_cu () INHERITS (do_thi);
        INSERT INTO do_thi VALUES ('Vinh', 1), ('Huế', 2); INSERT INTO do_thi_cu VALUES ('Hội An', 3);
        INSERT INTO thu_phu VALUES ('Hà Nội', 8, 'Bắc'), ('Hà Nội', 8, 'Bắc')""",
    )

    with open_source(new_postgres_database) as source:
        seen = source.look()
        names = sorted(source.read_arrow("do_thi").read_all().column("ten").to_pylist())
        plan = source._plan(source.table("do_thi"), None)  # type: ignore[attr-defined]
        found, doubtful = source._captured(plan, None, None)  # type: ignore[attr-defined]

    assert counted(seen) == {"do_thi": (3, ("do_thi_cu",)), "thu_phu": (2, ())}
    assert names == ["Huế", "Hội An", "Vinh"]
    assert (len(found.columns), found.rows, doubtful) == (2, 3, set())
    assert ("inherits_with_more_columns", "thu_phu") in said(seen)


def test_a_child_of_two_parents_is_counted_once(new_postgres_database: str) -> None:
    filled(
        new_postgres_database,
        """CREATE TABLE a (x int); CREATE TABLE b (y int); CREATE TABLE c () INHERITS (a, b);
        INSERT INTO a VALUES (1); INSERT INTO b VALUES (2); INSERT INTO c VALUES (3, 4)""",
    )

    assert counted(look(new_postgres_database)) == {"a": (1, ()), "b": (1, ()), "c": (1, ())}


def test_partitions_stand_alone_where_their_parent_may_not_be_read(new_postgres_database: str) -> None:
    role = f"r_{urlsplit(new_postgres_database).path[1:]}"
    filled(
        new_postgres_database,
        DECLARED
        + f"""CREATE TABLE mot_phan (a int, bi_mat int, b text GENERATED ALWAYS AS ('x') STORED);
        INSERT INTO mot_phan VALUES (1, 2);
        CREATE ROLE {role} LOGIN PASSWORD 'chỉ đọc'; GRANT SELECT ON p2024 TO {role};
        GRANT SELECT (a, b) ON mot_phan TO {role}""",
    )
    place = new_postgres_database.split("@")[1]
    try:
        with open_source(f"postgresql://{role}@{place}", password="chỉ đọc") as source:
            seen = source.look()
    finally:
        filled(new_postgres_database, f"DROP OWNED BY {role}; DROP ROLE {role}")

    assert counted(seen) == {"mot_phan": (1, ()), "p2024": (450, ())}
    assert said(seen) == [
        ("columns_not_permitted", "mot_phan"),
        ("table_not_permitted", "Thu phí"),
        ("table_not_permitted", "p2025"),
        ("table_not_permitted", "p2025_khác"),
    ]
    shown = seen.tables[0].table
    assert [(column.name, column.generated) for column in shown.columns] == [("a", False), ("b", True)]


def test_what_every_kind_of_relation_calls_itself(new_postgres_database: str) -> None:
    filled(
        new_postgres_database,
        """CREATE TABLE don_vi (ma text PRIMARY KEY, cha text REFERENCES don_vi, muc int[], tu int4range);
        CREATE SCHEMA khac; CREATE TABLE khac.ho_so (id int, don_vi text REFERENCES public.don_vi);
        CREATE VIEW xem AS SELECT ma FROM don_vi; CREATE MATERIALIZED VIEW chup AS SELECT ma FROM don_vi;
        CREATE MATERIALIZED VIEW chua_nap AS SELECT ma FROM don_vi WITH NO DATA;
        INSERT INTO don_vi VALUES ('01', NULL, '{1,2}', '[1,3)')""",
    )

    seen = look(new_postgres_database)

    kinds = {one.table.name: (one.table.kind, one.table.native_kind) for one in seen.tables}
    assert kinds == {
        "chup": ("view", "materialized view"),
        "don_vi": ("table", "table"),
        "khac.ho_so": ("table", "table"),
        "xem": ("view", "view"),
    }
    keys = {one.table.name: one.table.foreign_keys for one in seen.tables}
    assert keys["khac.ho_so"] == (ForeignKey(("don_vi",), "don_vi", ("ma",)),)
    assert [(one.code, str(one.place)) for one in seen.findings] == [("table_unreadable", "chua_nap")]


def test_a_search_path_changes_no_name(new_postgres_database: str) -> None:
    name = urlsplit(new_postgres_database).path[1:]
    filled(
        new_postgres_database,
        f"""CREATE SCHEMA rieng; CREATE TABLE rieng.xa (a int); CREATE TABLE xa (a int, b int);
        INSERT INTO rieng.xa VALUES (1), (2); INSERT INTO xa VALUES (1, 1);
        ALTER DATABASE "{name}" SET search_path = rieng, public""",
    )

    assert counted(look(new_postgres_database)) == {"rieng.xa": (2, ()), "xa": (1, ())}
