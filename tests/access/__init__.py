"""Tests of users, logins and tokens."""
