"""What everything else stands on: money, time, ids, randomness and the errors people see. Standard library only."""
