"""The world of one run: its fakes, clock, exchange log and the doors through which a connector reaches them."""
