"""Who is responsible: agencies, identifier codes, posts and roles, focal officers, and the work that is due.

Not here: accounts (`foundation.accounts`), databases (`catalogue`).
"""
