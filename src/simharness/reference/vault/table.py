"""The table of the vault: ciphertext by subject and kind, with the last day it may be kept."""

from __future__ import annotations

import sqlalchemy as sa

from simharness.reference.memory.store import metadata

#: `subject` is the id of a person in the payroll, which says nothing outside of it. `until` is an ISO day, "" as long
#: as nobody knows it.
kept = sa.Table(
    "vault",
    metadata,
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("until", sa.String, nullable=False, default="", index=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
