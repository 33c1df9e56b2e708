"""Actions: the instructions of an automation. One file per kind."""
