"""What the law says, with dates: instruments, provisions, rule sets, parameters, calendar, running clocks.

Here: legal texts and which of them held on a day (`data/*.yaml` are the shipped facts, each with its source
and a mark of how far it was checked); every number of days, date, label and competent role, asked for by key
and date; the working-day calendar; one `Clock` per running term. Dates are counted only here.

Not here: which agency holds a role that the law names (`agencies`); whether a duty is met (`duties`); the use
regulations that agencies issue (`regulations`).
"""
