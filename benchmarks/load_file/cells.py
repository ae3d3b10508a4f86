"""The raw limit for a workbook: its cells as Python values, without types, layout or report."""

import sys

import python_calamine

with python_calamine.CalamineWorkbook.from_path(sys.argv[1]) as book:
    print(len(book.get_sheet_by_index(0).to_python(skip_empty_area=False)))
