"""Plans of faults as somebody writes them at a door: read, and refused where they could never strike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase

from simharness.core.errors import UsageError
from simharness.domain.fault import Fault, Plan, parse_plan
from simharness.domain.fault_kinds import CONDITIONS, KINDS, FaultKind, Place, Target
from simharness.fakekit import contract
from simharness.fakekit.contract import Contract, Operation
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults.targets import OF_CREDENTIALS
from simharness.fakekit.pack import Pack
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

    Raises `UsageError` for a kind, a vendor or an operation that there is not, with the nearest; for a kind that can
    never meet what is asked there, with the nearest that it can; for a refusal of credentials where none is needed;
    for an empty plan; and for one that kills a connector where there is none (`has_connector`).
    """
    plan = parse_plan(text)
    if not plan.faults:
        raise UsageError(f"the plan {text!r} is empty", mend=_HOW)
    if fakes is None:
        here = {vendor: (pack, contract.load(pack.package)) for vendor, pack in installed_packs().items()}
    else:
        here = {fake.vendor: (fake.pack, fake.contract) for fake in fakes}
    for fault in plan.faults:
        _check(fault, here)
        if not has_connector and KINDS[fault.kind].place is Place.PROCESS:
            raise UsageError(f"{fault}: no connector is there to be killed", mend="use it with simharness run")
    return plan


def read_plans(texts: Iterable[str], *, has_connector: bool = True) -> Plan:
    """The faults of several texts as one plan, in their order; empty without any."""
    plans = (read_plan(text, has_connector=has_connector) for text in texts)
    return Plan(faults=tuple(fault for plan in plans for fault in plan.faults))


def _check(fault: Fault, here: Mapping[str, tuple[Pack, Contract]]) -> None:
    vendor, operation = fault.trigger.vendor, fault.trigger.operation
    kind = read_kind(fault.kind, f"{fault}: ")
    if vendor and vendor not in here:
        raise UsageError(f"{fault}: there is no vendor {vendor!r}", mend=_nearest(vendor, here))
    if not vendor and not operation:
        return
    if not vendor:
        raise UsageError(f"{fault}: an operation needs its vendor before it", mend=_HOW)
    if operation and kind.place is Place.DELIVERY:
        raise UsageError(f"{fault}: a delivery is of a vendor, not of an operation", mend="leave the operation out")
    pack, spoken = here[vendor]
    operations = spoken.operations
    if operation and operation not in operations:
        raise UsageError(f"{fault}: {vendor} has no operation {operation!r}", mend=_nearest(operation, operations))
    if operation and kind.name in OF_CREDENTIALS and operations[operation].open:
        raise UsageError(
            f"{fault}: {operation} needs no credential that could be refused",
            mend="leave the operation out for the first call that needs one",
        )

    met = [each for each, what in operations.items() if _meets(pack, kind, what)]
    if not met or (operation and operation not in met):
        raise UsageError(
            f"{fault}: {kind.name} meets {kind.target.value} only, and {operation or vendor} has none of it",
            mend=_met(fault, met, here),
        )


def _meets(pack: Pack, kind: FaultKind, operation: Operation) -> bool:
    """Whether a kind can meet an operation at all, by what the pack and the contract say of it."""
    if kind.target is Target.WRITE and operation.reads:
        return False
    patterns = pack.meets.get(kind.name)
    return patterns is None or any(fnmatchcase(operation.id, each) for each in patterns)


def _met(fault: Fault, met: Collection[str], here: Mapping[str, tuple[Pack, Contract]]) -> str:
    """The nearest that a kind can meet: of the vendor, else those of others that can."""
    kind = KINDS[fault.kind]
    if met:
        close = get_close_matches(fault.trigger.operation, met, n=1, cutoff=0)
        return f"did you mean {kind.name}@{fault.trigger.vendor}.{close[0]}?"
    others = [name for name, (pack, spoken) in here.items() if any(_meets(pack, kind, each) for each in spoken)]
    return f"it meets {', '.join(others)}" if others else "leave it out: no system here can meet it"


def _nearest(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
