"""What every floor above stands on, and nothing of the trade itself.

Here: accounts and the actor, events (audit and published facts), workflow, holds, jobs, search, notices, files,
case numbers, errors in two languages, Vietnamese text, requirement tracing, the page kit.
Not here: anything an official would name (see `lienthong.law` and the floors above), and pure data work (`lienthong.engine`).
"""
