"""Search over everything, in any spelling of Vietnamese, showing each person only what that person may know.

Rows carry their audience as columns, so that neither lists nor counts can leak.
"""
