"""The gate decides whether a connector may be released: mapping diff, posting diff, policy, verdict. Nothing here yet."""
