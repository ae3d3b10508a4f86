"""Rows to readers: a replica of one version, read by page, by key and by filter, masked, and exported.

Who may read what is decided above; here a mask and a list of columns are simply carried out.
"""
