"""Lists that people hand in as files: read by their headings, reported row by row, taken over on confirmation.

Here: which column is what, the report, the two pages. What becomes of a row is the business of the app whose list it is.
"""
