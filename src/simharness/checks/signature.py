"""When two findings are one: the same check, after the same kind of fault at the same operation, of the same shape."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simharness.domain.fault import Fault, Plan, Struck
from simharness.domain.finding import Finding, Signature

#: A word of a key that says what is wrong, and no id, name or figure: small letters, a currency, or BI.
_WORD = re.compile(r"[a-z]+(?:[-_][a-z]+)*|[A-Z]{3}|BI")
#: What separates the parts of a key.
_BETWEEN = re.compile(r"[\s:,|/<>()]+")
#: Segments of a key of F1 that say what is wrong; what follows is a name.
_OF_F1 = 3


def signature_of(finding: Finding, plan: Plan, struck: Iterable[Struck] = ()) -> Signature:
    """The signature of a finding of a run with a plan; `struck` tells where a fault acted whose trigger does not.

    Numbers of triggers, repetitions and amounts are no part of a cause; names, ids and figures none of a shape.
    """
    places: dict[Fault, str] = {}
    for each in struck:
        places.setdefault(each.fault, f"{each.vendor}.{each.operation}".strip("."))
    causes = [f"{fault.kind}@{_place(fault) or places.get(fault, '')}".rstrip("@") for fault in plan.faults]
    return Signature(check=finding.check, cause=" + ".join(dict.fromkeys(causes)) or "no fault", shape=_shape(finding))


def _place(fault: Fault) -> str:
    trigger = fault.trigger
    return f"{trigger.vendor}.{trigger.operation}" if trigger.operation else ""


def _shape(finding: Finding) -> str:
    key = finding.key.partition(":")[2] or finding.key
    if finding.check == "F1":
        key = ":".join(key.split(":")[:_OF_F1])
    if finding.where:
        key = key.replace(finding.where, "story")
    words = [part if _WORD.fullmatch(part) else "#" for part in _BETWEEN.split(key) if part]
    alike = [word for n, word in enumerate(words) if not n or word != "#" or words[n - 1] != "#"]
    return ":".join(alike)
