"""Logging in and giving consent: the pages a user sees between `/authorize` and the application."""
