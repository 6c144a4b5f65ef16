"""Exploration: where faults are placed, what comes of each, random stories, and how the work is shared."""
