"""Ours: the file into a typed table, and the report of how it was read."""

import json
import sys

from lienthong.engine.sources import open_source

with open_source(sys.argv[1]) as source:
    table = source.tables()[0]
    relation = source.relation(table)
    told = source.reading(table)
    assert told is not None
    rows = source.connect().execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0]
    types = {column.name: column.type for column in source.seen(table).columns}
    print(json.dumps({"rows": rows, "types": types, **told.as_json()}))
