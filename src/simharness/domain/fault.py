"""Faults as data: which kind, when, and the plan that lists them. How they act is the fault port's business.

A plan has a text form that is printed with every finding and read again: `reply_lost@quickbooks.saveInvoice#2` is the
answer to the second such call, `crash_after@#17` the seventeenth outbound call whatever it is, `error_503*3@stripe` the
next three calls to one vendor, `outage:600@gusto` ten minutes from its next call on, `webhook_lost@hubspot#1` the first
delivery of one vendor. Several faults stand beside each other with `+`.
"""

from __future__ import annotations

import re

from simharness.core.errors import UsageError
from simharness.domain.base import Record

_TEXT = re.compile(
    r"(?P<kind>[a-z][a-z0-9_]*)(?::(?P<amount>\d+))?(?:\*(?P<times>\d+))?"
    r"(?:@(?P<vendor>[a-z0-9_]*)(?:\.(?P<operation>[A-Za-z0-9_.-]+))?(?:#(?P<nth>\d+))?)?"
)


class Trigger(Record, frozen=True, kw_only=True):
    """When a fault strikes: the nth exchange (from 1) that matches vendor and operation; empty text matches all.

    For a fault of deliveries it is the nth attempt to deliver something of the vendor.
    """

    nth: int = 1
    vendor: str = ""
    operation: str = ""

    def __str__(self) -> str:
        place = f"{self.vendor}.{self.operation}" if self.operation else self.vendor
        return f"{place}#{self.nth}"

    def matches(self, vendor: str, operation: str) -> bool:
        """Whether an exchange or a delivery is one of those that are counted."""
        return self.vendor in ("", vendor) and self.operation in ("", operation)


class Fault(Record, frozen=True, kw_only=True):
    """One named kind of fault (of the wire, the vendor, a delivery or the connector's process) with its trigger.

    `times`: how many of the matching exchanges from the trigger on suffer. `amount` is the kind's own number (seconds
    of an outage or a slow answer, copies of a delivery, requests of a limit), 0 for the kind's default.
    """

    kind: str
    trigger: Trigger = Trigger()
    times: int = 1
    amount: int = 0

    def __str__(self) -> str:
        amount = f":{self.amount}" if self.amount else ""
        times = f"*{self.times}" if self.times != 1 else ""
        return f"{self.kind}{amount}{times}@{self.trigger}"


class Plan(Record, frozen=True, kw_only=True):
    """The faults of one case, in the order in which they were planned; empty for a clean run."""

    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        return " + ".join(str(fault) for fault in self.faults)


class Struck(Record, frozen=True, kw_only=True):
    """A fault that acted: on which exchange (`sequence` in the log; 0 for a delivery), and what it did.

    `acts` is what it did to the world itself, beside the connector: somebody else's update, a jump of the clock.
    """

    fault: Fault
    sequence: int
    vendor: str
    operation: str
    told: str = ""
    acts: str = ""


def parse_plan(text: str) -> Plan:
    """The plan of a text; raises `UsageError` that says how one is written. Whether there is such a kind, the table of
    kinds knows.
    """
    return Plan(faults=tuple(_parse(part.strip()) for part in text.split("+") if part.strip()))


def _parse(text: str) -> Fault:
    found = _TEXT.fullmatch(text)
    nth, times = (int((found and found[name]) or 1) for name in ("nth", "times"))
    if found is None or nth < 1 or times < 1:
        raise UsageError(
            f"{text!r} is no fault of a plan",
            mend="write kind@vendor.operation#nth, for example reply_lost@quickbooks.saveInvoice#1; "
            "vendor, operation and number may be left out",
        )
    trigger = Trigger(nth=nth, vendor=found["vendor"] or "", operation=found["operation"] or "")
    return Fault(kind=found["kind"], trigger=trigger, times=times, amount=int(found["amount"] or 0))
