"""What every fake is made of: tables, contract, routing, credentials, limits, idempotency, paging, webhooks, and the
fault port. Nothing here knows a vendor; a pack imports from here, from `domain` and `core`, and from its family engine.
"""
