"""What the payroll provider ran becomes journals: one a run, by account and cost centre, and nobody in it."""
