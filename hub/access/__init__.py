"""Who may come in: users and their passwords, logins, tokens."""
