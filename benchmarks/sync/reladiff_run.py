"""The peer: reladiff, which finds the rows that differ and changes nothing."""

import json
import sys

from reladiff import connect_to_table, diff_tables

left, right, table, key = sys.argv[1:5]
columns = tuple(sys.argv[5].split(","))
sides = [connect_to_table(address, table, key, extra_columns=columns) for address in (left, right)]
signs = {"+": 0, "-": 0}
# It cannot sort rows with nulls.
for sign, _ in diff_tables(*sides, skip_sort_results=True):
    signs[sign] += 1
print(json.dumps(signs))
