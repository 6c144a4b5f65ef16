"""Exploration places faults, makes random stories and shares the work among processes. Nothing here yet."""
