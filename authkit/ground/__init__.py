"""The ground everything stands on: errors, clock, chance, secret, display."""
