"""The officers' door: pages that must show what several floors know, above all the whole file of one database.

Here: the frame of every page, the file of a database, the desk's search, the running of the system.
Not here: pages of records that one app knows alone (that app's `pages.py`).
"""
