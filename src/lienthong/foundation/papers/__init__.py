"""Papers: one description of a paper, written out as PDF, Word or a workbook; the Word layout may be an office's own.

Not here: what a paper says. The floor whose record it is composes a `Paper` and hands it down.
"""
