"""Who is responsible: agencies and their units, identifier codes, posts and roles, focal officers, and the work that is due from each.

Not here: accounts (`foundation.accounts`), databases (`catalogue`).
"""
