"""A register of persons that looks like a Vietnamese one: 1,000,000 rows, 12 columns, always the same.

Nobody in it exists. The numbers come from a fixed seed, and what matters to a profiler is true to life:
an identity number that is unique text with leading zeros, names from a short list of parts, codes of
communes with a heavy head, an address that is sometimes missing, money with two decimals, two moments in
time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROWS = 1_000_000
COLUMNS = 12

_FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
]
_MIDDLE = [
    "Văn",
    "Thị",
    "Hữu",
    "Đức",
    "Minh",
    "Ngọc",
    "Thanh",
    "Quốc",
    "Kim",
    "Xuân",
    "Thu",
    "Hồng",
    "Gia",
    "Bảo",
    "Khánh",
    "Tuấn",
]
_GIVEN = [
    "An",
    "Anh",
    "Ánh",
    "Bình",
    "Châu",
    "Chi",
    "Cường",
    "Dung",
    "Dũng",
    "Duy",
    "Đạt",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hiền",
    "Hiếu",
    "Hòa",
    "Hùng",
    "Hương",
    "Khoa",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Minh",
    "Nam",
    "Nga",
    "Ngân",
    "Nhung",
    "Oanh",
    "Phong",
    "Phúc",
    "Phương",
    "Quân",
    "Quỳnh",
    "Sơn",
    "Tâm",
    "Thảo",
    "Thủy",
    "Trang",
    "Trung",
    "Tú",
    "Uyên",
    "Vân",
    "Vinh",
    "Yến",
]
_STREETS = [
    "Trần Hưng Đạo",
    "Lê Lợi",
    "Nguyễn Huệ",
    "Hai Bà Trưng",
    "Lý Thường Kiệt",
    "Quang Trung",
    "Phan Bội Châu",
    "Điện Biên Phủ",
    "Hùng Vương",
]
_SEXES = ("Nam", "Nữ")


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def _rows_sql(rows: int) -> str:
    # md5 of the row number and a salt: the same bits on every machine and in every version of the engine.
    def bits(salt: str) -> str:
        return f"('0x' || substr(md5('{salt}' || n), 1, 12))::BIGINT"

    def pick(words: tuple[str, ...] | list[str], salt: str) -> str:
        return f"{_listed(words)}[1 + {bits(salt)} % {len(words)}]"

    return f"""
        SELECT
            n AS so_thu_tu,
            lpad(((n * 68718952447 + 13) % 99999999977)::VARCHAR, 12, '0') AS so_dinh_danh,
            {pick(_FAMILY, "h")} || ' ' || {pick(_MIDDLE, "d")} || ' ' || {pick(_GIVEN, "t")} AS ho_ten,
            {pick(_SEXES, "g")} AS gioi_tinh,
            DATE '1925-01-01' + ({bits("s")} % 36000)::INTEGER AS ngay_sinh,
            lpad((1 + floor(10035 * power({bits("x")} % 1000003 / 1000003.0, 2)))::INTEGER::VARCHAR, 5, '0') AS ma_xa,
            CASE WHEN {bits("a")} % 20 = 0 THEN NULL ELSE
                ('Số ' || {bits("n")} % 400 || ', đường ' || {pick(_STREETS, "p")}) END AS dia_chi,
            (n / 4)::BIGINT * 3 + 1000000 AS so_ho,
            CASE WHEN {bits("l")} % 7 = 0 THEN NULL ELSE
                (({bits("m")} % 5000000) / 100.0)::DECIMAL(15, 2) END AS thu_nhap,
            {bits("b")} % 3 <> 0 AS co_bao_hiem,
            TIMESTAMP '2015-01-01' + INTERVAL 1 SECOND * ({bits("c")} % 300000000) AS tao_luc,
            TIMESTAMP '2025-01-01' + INTERVAL 1 SECOND * ({bits("u")} % 20000000) AS sua_luc
        FROM range({rows}) AS r(n)
    """


def generate(folder: Path) -> dict[str, Path]:
    """The register as Parquet and as CSV in this folder; made once and kept for the next run.

    It is made by a process of its own: a measured process would inherit the memory of the one that starts it.
    """
    made = {kind: folder / f"register.{kind}" for kind in ("parquet", "csv")}
    if not all(path.exists() for path in made.values()):
        subprocess.run([sys.executable, "-m", "benchmarks.look.data", str(folder)], check=True)
    return made


def write(folder: Path) -> None:
    """Write both files, each under its name only when it is whole."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"CREATE TEMP TABLE person AS {_rows_sql(ROWS)}")
        for kind, form in (("parquet", "FORMAT parquet, COMPRESSION zstd"), ("csv", "FORMAT csv, HEADER")):
            part = folder / f"register.{kind}.part"
            connection.execute(f"COPY person TO '{part}' ({form})")
            os.replace(part, folder / f"register.{kind}")


def exact_distinct() -> dict[str, int]:
    """The distinct counts of the register, counted by SQL when it was first generated."""
    return {
        "so_thu_tu": 1000000, "so_dinh_danh": 1000000, "ho_ten": 12032, "gioi_tinh": 2, "ngay_sinh": 36000,
        "ma_xa": 10035, "dia_chi": 3600, "so_ho": 250001, "thu_nhap": 787751, "co_bao_hiem": 2,
        "tao_luc": 998343, "sua_luc": 975332,
    }  # fmt: skip


if __name__ == "__main__":
    write(Path(sys.argv[1]))
