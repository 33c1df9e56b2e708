"""What an automation asks of an event before it acts: one file per kind of condition."""
