"""Idempotency keys: what a vendor remembers of a request and how it answers the same key again.

A profile is data (`profiles`); a pack declares one, any can be chosen for a vendor (`choosing`). The keys themselves
live on virtual time in a `store`.
"""

from simharness.fakekit.idempotency.profiles import PROFILES, Again, Profile, Rule, Stores, Tells
from simharness.fakekit.idempotency.store import Key, KeyRefusal, KeyStore, Opening, Verdict

__all__ = [
    "PROFILES",
    "Again",
    "Key",
    "KeyRefusal",
    "KeyStore",
    "Opening",
    "Profile",
    "Rule",
    "Stores",
    "Tells",
    "Verdict",
]
