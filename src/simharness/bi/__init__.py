"""BI under test: the curated tables a connector publishes, the sink they lie in, and the metrics that run on them."""
