"""What is measured: a file into a table with types and a report, beside sqlite-utils and the least that must be done."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.load_file.data import SHEET_ROWS, workbook
from benchmarks.look.data import COLUMNS, ROWS, generate
from benchmarks.measuring import Case, Tools

HERE = Path(__file__).parent
TYPES = {
    "so_thu_tu": "integer", "so_dinh_danh": "text", "ho_ten": "text", "gioi_tinh": "text", "ngay_sinh": "date",
    "ma_xa": "text", "dia_chi": "text", "so_ho": "integer", "thu_nhap": "double", "co_bao_hiem": "boolean",
    "tao_luc": "timestamp", "sua_luc": "timestamp",
}  # fmt: skip


def cases(tools: Tools) -> list[Case]:
    """The register as CSV, and its first rows as a workbook."""
    table = str(generate(tools.data)["csv"])
    sheet = str(workbook(tools.data))
    own = str(tools.own_program("python"))
    duck = str(tools.peer_python("duckdb"))
    peer = str(tools.peer_python("sqlite_utils"))
    ours = [own, str(HERE / "load.py")]
    return [
        Case(
            name="load csv",
            ours=[*ours, table],
            peer=[peer, str(HERE / "peer.py"), table],
            peer_name="sqlite-utils insert --csv, types detected",
            limit=[duck, str(HERE / "read_csv.py"), table],
            limit_name="DuckDB 1.5.5 read_csv into a table",
            check=lambda answer: check(answer, ROWS),
            rows=ROWS,
        ),
        Case(
            name="load xlsx",
            ours=[*ours, sheet],
            peer=[peer, str(HERE / "peer.py"), sheet],
            peer_name="openpyxl rows into sqlite-utils",
            limit=[own, str(HERE / "cells.py"), sheet],
            limit_name="python-calamine, cells as Python values and nothing more",
            check=lambda answer: check(answer, SHEET_ROWS),
            rows=SHEET_ROWS,
        ),
    ]


def check(answer: str, rows: int) -> None:
    """A fast answer that is wrong counts for nothing."""
    told = json.loads(answer)
    codes = {"so_dinh_danh": {"kept_as_text": rows}, "ma_xa": {"kept_as_text": rows}}
    right = (told["rows"], len(told["types"]), told["skipped"], told["conversions"]) == (
        rows,
        COLUMNS,
        0,
        codes,
    )
    if not right or told["types"] != TYPES:
        raise SystemExit(f"wrong answer: {told}")
