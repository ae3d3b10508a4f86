"""Who may do what: the table that people review, and the trial of every command against it."""
