"""Pure work on data: look at it, keep versions of it, compare it, hand it out.

A library on its own: it works from the command line and from Python, with no server and no database of
its own. It knows tables, columns and rows and nothing of who owns them or why; that is the business of
the floors above.
"""
