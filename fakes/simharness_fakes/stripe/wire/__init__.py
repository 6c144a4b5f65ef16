"""Stripe's wire form: minor units, unix seconds, objects, expansion and lists."""
