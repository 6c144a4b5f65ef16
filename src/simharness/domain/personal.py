"""What identifies a person, as the system that keeps it holds it: the canaries of a world.

They live in memory only. A record says of whom and which field (`subject`, `field`), never the text.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from simharness.domain.base import Record

#: The kinds of personal fields. `pay` is what one person is paid, an amount without a currency (`78000.00`).
FIELDS: Final = ("name", "ssn", "bank_account", "address", "birth_date", "pay", "email", "phone")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """One field of one person. `subject` is the person's id in the system that holds it, `field` one of `FIELDS`.

    `text` is written as the system shows it on the wire (a birth date as `1988-04-30`, digits of a number with or
    without its hyphens); it is not part of `repr`. `known_to` are families that rightly hold it beside the own one.
    """

    subject: str
    field: str
    text: str = dataclasses.field(repr=False)
    known_to: tuple[str, ...] = ()


class Sighting(Record, frozen=True, kw_only=True):
    """A canary outside its cage: a field of a person, in which sink, at which place in it. The text is not kept.

    `sink`: ledger, crm, gateway, bank, payroll, operations, bi, log, reject, alert, dead_letter, files. `place` is the
    record, row, request or file; `subject` is the person's id in the system that holds the field.
    """

    subject: str
    field: str
    sink: str
    place: str


class Watch(Record, frozen=True, kw_only=True):
    """A search of a run for personal data: how many canaries of each field were looked for, how many texts were read in
    each sink (the connector's files are one, whatever database they belong to), and what was seen.
    """

    canaries: tuple[tuple[str, int], ...] = ()
    sinks: tuple[tuple[str, int], ...] = ()
    sightings: tuple[Sighting, ...] = ()
