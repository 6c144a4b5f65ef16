"""Plans of faults as somebody writes them at a door: read, and refused where they could never strike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from simharness.core.errors import UsageError
from simharness.domain.fault import Fault, Plan, parse_plan
from simharness.domain.fault_kinds import CONDITIONS, KINDS, FaultKind, Place
from simharness.fakekit import contract
from simharness.fakekit.contract import Contract
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults.targets import OF_CREDENTIALS
from simharness.world.registry import installed_packs

_HOW = "write kind@vendor.operation#nth, for example reply_lost@quickbooks.saveInvoice#1; join several with +"


def operations_of(vendor: str) -> tuple[str, ...]:
    """The ids of everything a vendor's contract lets be asked."""
    return tuple(each.id for each in contract.load(installed_packs()[vendor].package))


def read_kind(name: str, of: str = "") -> FaultKind:
    """The kind of this name; raises `UsageError` for one that no plan can hold. `of` begins what it says."""
    if name in CONDITIONS:
        raise UsageError(
            f"{of}there is no kind of fault {name!r} that strikes at a call",
            mend="it holds from an instant on, so only a story sets it: scenarios/README.md has the verbs",
        )
    if name not in KINDS:
        raise UsageError(f"{of}there is no kind of fault {name!r}", mend=_nearest(name, KINDS))
    return KINDS[name]


def read_plan(text: str, fakes: Iterable[Fake] | None = None, *, has_connector: bool = True) -> Plan:
    """The plan of a text about the vendors of these fakes, or any that is installed.

    Raises `UsageError` for a kind, a vendor or an operation that there is not, with the nearest; for a refusal of
    credentials where none is needed; for an empty plan; and for one that kills a connector where there is none
    (`has_connector`).
    """
    plan = parse_plan(text)
    if not plan.faults:
        raise UsageError(f"the plan {text!r} is empty", mend=_HOW)
    if fakes is None:
        here = {vendor: contract.load(pack.package) for vendor, pack in installed_packs().items()}
    else:
        here = {fake.vendor: fake.contract for fake in fakes}
    for fault in plan.faults:
        _check(fault, here)
        if not has_connector and KINDS[fault.kind].place is Place.PROCESS:
            raise UsageError(f"{fault}: no connector is there to be killed", mend="use it with simharness run")
    return plan


def read_plans(texts: Iterable[str], *, has_connector: bool = True) -> Plan:
    """The faults of several texts as one plan, in their order; empty without any."""
    plans = (read_plan(text, has_connector=has_connector) for text in texts)
    return Plan(faults=tuple(fault for plan in plans for fault in plan.faults))


def _check(fault: Fault, here: Mapping[str, Contract]) -> None:
    vendor, operation = fault.trigger.vendor, fault.trigger.operation
    kind = read_kind(fault.kind, f"{fault}: ")
    if vendor and vendor not in here:
        raise UsageError(f"{fault}: there is no vendor {vendor!r}", mend=_nearest(vendor, here))
    if not operation:
        return
    if not vendor:
        raise UsageError(f"{fault}: an operation needs its vendor before it", mend=_HOW)
    if kind.place is Place.DELIVERY:
        raise UsageError(f"{fault}: a delivery is of a vendor, not of an operation", mend="leave the operation out")
    operations = here[vendor].operations
    if operation not in operations:
        raise UsageError(f"{fault}: {vendor} has no operation {operation!r}", mend=_nearest(operation, operations))
    if kind.name in OF_CREDENTIALS and operations[operation].open:
        raise UsageError(
            f"{fault}: {operation} needs no credential that could be refused",
            mend="leave the operation out for the first call that needs one",
        )


def _nearest(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
