"""The first 200,000 persons of the register as a workbook, with dates and truths as a workbook knows them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

SHEET_ROWS = 200_000


def workbook(folder: Path) -> Path:
    """The workbook in this folder; made once, by a process of its own, and kept for the next run."""
    made = folder / "register.xlsx"
    if not made.exists():
        subprocess.run([sys.executable, "-m", "benchmarks.load_file.data", str(folder)], check=True)
    return made


def write(folder: Path) -> None:
    """Write it, under its name only when it is whole."""
    import duckdb
    import xlsxwriter

    part = folder / "register.xlsx.part"
    rows = duckdb.connect().execute(
        f"SELECT * FROM '{folder / 'register.parquet'}' ORDER BY so_thu_tu LIMIT {SHEET_ROWS}"
    )
    with xlsxwriter.Workbook(part, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("nguoi")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        sheet.write_row(0, 0, [column[0] for column in rows.description or ()])
        number = 0
        while batch := rows.fetchmany(5000):
            for row in batch:
                number += 1
                for place, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(number, place, value, moment)
                    elif isinstance(value, date):
                        sheet.write_datetime(number, place, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(number, place, value)
                    elif isinstance(value, bool):
                        sheet.write_boolean(number, place, value)
                    elif value is not None:
                        sheet.write_number(number, place, float(value))
    os.replace(part, folder / "register.xlsx")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
