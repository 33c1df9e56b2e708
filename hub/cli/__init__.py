"""The command line: every command talks to a running hub or to a short-lived one."""
