"""The gate decides whether a connector goes live: mapping diff, posting diff, policy, verdict. Nothing here yet."""
