"""Webhooks: what vendors tell is verified, remembered before it is answered, and looked at in the next pass."""
