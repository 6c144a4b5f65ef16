"""C7: who may do what, and who did."""
