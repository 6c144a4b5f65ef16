"""Two systems compared item by item (rules: section 7); items are matched by reference only."""
