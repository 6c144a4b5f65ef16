"""BI's metrics recomputed from facts and journal, never through BI's SQL."""
