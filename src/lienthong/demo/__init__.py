"""The demo: a make-believe province and ministry with real data, walked through every floor by its own commands.

Here: the job that fills an empty installation. Not here: factories (each app's `demo.py`).
"""
