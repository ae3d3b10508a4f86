"""Many tables: 30 files of 100,000 rows of the register, each linked as often as asked, so that a folder holds thousands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FILES = 30
ROWS = 100_000


def folder_of(data: Path, tables: int) -> Path:
    """A folder of this many tables; the files are made once, the links anew."""
    files = [data / "many" / f"part-{number:02d}.parquet" for number in range(FILES)]
    if not all(path.exists() for path in files):
        subprocess.run([sys.executable, "-m", "benchmarks.profile.data", str(data)], check=True)
    folder = data / f"many-{tables}"
    folder.mkdir(exist_ok=True)
    for number in range(tables):
        link = folder / f"bang_{number:04d}.parquet"
        if not link.exists():
            os.link(files[number % FILES], link)
    return folder


def write(data: Path) -> None:
    """Cut the register into files, each under its name only when it is whole."""
    import duckdb

    (data / "many").mkdir(parents=True, exist_ok=True)
    register = data / "register.parquet"
    with duckdb.connect() as connection:
        for number in range(FILES):
            part = data / "many" / f"part-{number:02d}.parquet.part"
            connection.execute(
                f"COPY (SELECT * FROM '{register}' WHERE so_thu_tu >= {number * 30_000} AND "
                f"so_thu_tu < {number * 30_000 + ROWS}) TO '{part}' (FORMAT parquet, COMPRESSION zstd)"
            )
            os.replace(part, part.with_suffix(""))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
