"""Work that takes time: one row per job with progress, checkpoint and heartbeat; interrupted is not failed.

Here: starting, stopping and showing a job, the worker that does it, the tick. A job is a function marked
`@job` in the `jobs.py` of its app. Not here: what any job does.
"""
