"""What moves the balance of the gateway: receipts, fees, refunds, disputes, payouts."""
