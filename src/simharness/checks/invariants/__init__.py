"""What must hold in the books whatever the story was (rules: section 6)."""
