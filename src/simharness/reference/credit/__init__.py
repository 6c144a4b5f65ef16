"""What is taken off an invoice once it stands: credits, losses, money given back, and what links them."""
