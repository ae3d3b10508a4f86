"""The peer: the file into a SQLite table with detected types, as `sqlite-utils insert` does it."""

import os
import subprocess
import sys
import tempfile

path = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    target = os.path.join(folder, "register.db")
    if path.endswith(".csv"):
        program = os.path.join(os.path.dirname(sys.executable), "sqlite-utils")
        subprocess.run([program, "insert", target, "register", path, "--csv", "--silent"], check=True)
    else:
        import openpyxl
        import sqlite_utils

        rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
        names = next(rows)
        table = sqlite_utils.Database(target)["register"]
        table.insert_all(dict(zip(names, row, strict=True)) for row in rows)
    print(os.path.getsize(target))
