"""What the lines of the bank say: payouts that came, wires, cheques, and money that nothing explains."""
