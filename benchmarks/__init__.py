"""How quick simharness is, as ratios measured in one run on one machine. Nothing here is a test."""
